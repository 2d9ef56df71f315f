/* CSRF tokens. */

#include "services/gateway/pages/csrf.h"

#include <sodium.h>
#include <string.h>

#include "common/core/digest.h"
#include "common/http/characters.h"
#include "services/gateway/cookies.h"
#include "services/gateway/pages/visit.h"

enum { COOKIE_BYTES = 18, COOKIE_LENGTH = 24, TOKEN_SIZE = 43 + 1, COOKIE_MAX_AGE_S = 14 * 86400 };

static bool is_cookie_value(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!is_http_alphanumeric(text[i]) && text[i] != '-' && text[i] != '_') {
            return false;
        }
    }
    return size == COOKIE_LENGTH;
}

static const char *new_cookie(struct arena *arena)
{
    unsigned char bits[COOKIE_BYTES];
    char *text = arena_alloc(arena, COOKIE_LENGTH + 1);
    randombytes_buf(bits, sizeof(bits));
    return sodium_bin2base64(text, COOKIE_LENGTH + 1, bits, sizeof(bits),
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void find_cookie(struct visit *visit)
{
    struct request *request = visit->request;
    const char *value;
    size_t size;
    if (cookies_find(&request->http, request->gateway->csrf_cookie_name, &value, &size) &&
        is_cookie_value(value, size)) {
        visit->csrf_cookie = arena_copy(request->arena, value, size);
        return;
    }
    visit->csrf_cookie = new_cookie(request->arena);
    visit->is_csrf_cookie_new = true;
}

static const char *token_of(struct visit *visit, const char *purpose, const char *owner)
{
    unsigned char mac[DIGEST_SIZE];
    char *token = arena_alloc(visit->request->arena, TOKEN_SIZE);
    digest_keyed(visit->request->gateway->secret_key, purpose, owner, strlen(owner), "", 0, mac);
    return sodium_bin2base64(token, TOKEN_SIZE, mac, sizeof(mac),
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void csrf_begin(struct visit *visit)
{
    const char *session = visit->request->session.caller;
    if (session[0] != '\0') {
        visit->csrf = token_of(visit, "csrf of a session", session);
        return;
    }
    find_cookie(visit);
    visit->csrf = token_of(visit, "csrf of a visitor", visit->csrf_cookie);
}

bool csrf_is_right(const struct visit *visit)
{
    const struct form_pair *pair = visit_pair(&visit->typed, "csrf");
    return pair != NULL && pair->value_size == TOKEN_SIZE - 1 &&
           sodium_memcmp(pair->value, visit->csrf, TOKEN_SIZE - 1) == 0;
}

void csrf_add_cookie(struct visit *visit)
{
    const struct gateway *gateway = visit->request->gateway;
    if (visit->is_csrf_cookie_new) {
        cookies_set(gateway, visit->request->arena, &visit->request->response,
                    gateway->csrf_cookie_name, visit->csrf_cookie, COOKIE_MAX_AGE_S);
    }
}
