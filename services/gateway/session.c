/* Session tokens and their cookie. */

#include "services/gateway/session.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "common/http/authorization.h"
#include "common/http/prefer.h"
#include "services/gateway/cookies.h"
#include "services/gateway/gateway.h"

void session_read(struct session *session, const struct gateway *gateway,
                  const struct http_request *http)
{
    const char *token = NULL;
    size_t size = 0;
    const char *header = http_request_header(http, "Authorization");
    if (authorization_parse(header, &token, &size) == AUTHORIZATION_ABSENT &&
        !cookies_find(http, gateway->cookie_name, &token, &size)) {
        return;
    }
    if (size > 0 && size <= SESSION_TOKEN_MAX) {
        digest_hex(token, size, session->caller);
    }
}

uint64_t session_caller_digest(const struct session *session, const struct gateway *gateway,
                               const struct http_request *http)
{
    _Static_assert(crypto_shorthash_KEYBYTES == GATEWAY_CALLER_KEY_SIZE, "a key of its size");
    _Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "a digest of its size");
    uint64_t digest;
    const char *address = http->client_address == NULL ? "" : http->client_address;
    const char *caller = session->caller[0] == '\0' ? address : session->caller;
    (void)crypto_shorthash((unsigned char *)&digest, (const unsigned char *)caller, strlen(caller),
                           gateway->caller_key);
    return digest;
}

void session_begin(struct session *session)
{
    unsigned char bits[32];
    randombytes_buf(bits, sizeof(bits));
    sodium_bin2base64(session->token, sizeof(session->token), bits, sizeof(bits),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    digest_hex(session->token, strlen(session->token), session->started);
}

bool session_is_token_wanted(const struct http_request *http)
{
    for (size_t i = 0; i < http->header_count; i++) {
        const struct http_header *header = &http->headers[i];
        if (strcasecmp(header->name, "Prefer") == 0 && prefer_has(header->value, "token")) {
            return true;
        }
    }
    return false;
}

static void set_cookie(const struct session *session, const struct gateway *gateway,
                       struct arena *arena, struct http_response *response)
{
    cookies_set(gateway, arena, response, gateway->cookie_name, session->token,
                gateway->session_lifetime_s);
}

void session_apply(const struct session *session, enum session_effect effect,
                   const struct gateway *gateway, struct arena *arena,
                   struct http_response *response)
{
    if (effect == SESSION_ENDS) {
        cookies_set(gateway, arena, response, gateway->cookie_name, "", 0);
    }
    if (effect == SESSION_STARTS) {
        set_cookie(session, gateway, arena, response);
    }
}
