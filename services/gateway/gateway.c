/* From settings to what requests need of them. */

#include "services/gateway/gateway.h"

#include <string.h>

#include "common/core/digest.h"

static const struct http_binding *find_state_binding(const struct http_binding *bindings,
                                                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bindings[i].signed_field != NULL) {
            return &bindings[i];
        }
    }
    return NULL;
}

static void make_caller_key(struct gateway *gateway)
{
    unsigned char digest[DIGEST_SIZE];
    digest_keyed(gateway->secret_key, "caller", "", 0, "", 0, digest);
    memcpy(gateway->caller_key, digest, sizeof(gateway->caller_key));
}

void gateway_init(struct gateway *ret, const struct settings *settings,
                  const struct http_binding *bindings, size_t binding_count)
{
    bool is_secure = settings->secure_cookies == SECURE_COOKIES_YES;
    *ret = (struct gateway){
        .bindings = bindings,
        .binding_count = binding_count,
        .contracts = contracts,
        .contract_count = contract_count,
        .state_binding = find_state_binding(bindings, binding_count),
        .reply_timeout_ms = settings->reply_timeout_ms,
        .command_lifetime_ms = settings->command_lifetime_ms,
        .secret_key = settings->secret_key,
        .cookie_name = is_secure ? "__Host-session" : "session",
        .csrf_cookie_name = is_secure ? "__Host-csrf" : "csrf",
        .notice_cookie_name = is_secure ? "__Host-notice" : "notice",
        .language_cookie_name = is_secure ? "__Host-language" : "language",
        .is_cookie_secure = is_secure,
        .session_lifetime_s = settings->session_lifetime_hours * 3600,
    };
    ret->has_public_origin =
        settings->public_url != NULL && origin_parse(settings->public_url, &ret->public_origin);
    ret->are_proxies_readable = proxies_parse(settings->trusted_proxies, &ret->proxies);
    make_caller_key(ret);
}
