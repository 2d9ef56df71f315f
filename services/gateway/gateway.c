/* From settings to what requests need of them. */

#include "services/gateway/gateway.h"

#include <string.h>

void gateway_init(struct gateway *ret, const struct settings *settings,
                  const struct http_binding *bindings, size_t binding_count)
{
    bool is_production = strcmp(settings->environment, "production") == 0;
    *ret = (struct gateway){
        .bindings = bindings,
        .binding_count = binding_count,
        .reply_timeout_ms = settings->reply_timeout_ms,
        .cookie_name = is_production ? "__Host-session" : "session",
        .is_cookie_secure = is_production,
        .session_lifetime_s = settings->session_lifetime_hours * 3600,
    };
    ret->has_public_origin =
        settings->public_url != NULL && origin_parse(settings->public_url, &ret->public_origin);
}
