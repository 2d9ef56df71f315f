/* Cookies. */

#include "services/gateway/cookies.h"

#include <inttypes.h>
#include <strings.h>

#include "common/http/cookie.h"
#include "services/gateway/gateway.h"

/* A client may send its cookies in several headers, though it should not. */
bool cookies_find(const struct http_request *http, const char *name, const char **ret_value,
                  size_t *ret_size)
{
    for (size_t i = 0; i < http->header_count; i++) {
        const struct http_header *header = &http->headers[i];
        if (strcasecmp(header->name, "Cookie") == 0 &&
            cookie_find(header->value, name, ret_value, ret_size)) {
            return true;
        }
    }
    return false;
}

void cookies_set(const struct gateway *gateway, struct arena *arena, struct http_response *response,
                 const char *name, const char *value, int64_t max_age_s)
{
    const char *cookie =
        arena_printf(arena, "%s=%s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Lax%s", name,
                     value, max_age_s, gateway->is_cookie_secure ? "; Secure" : "");
    http_response_add(response, "Set-Cookie", cookie);
}
