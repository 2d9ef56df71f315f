/* Sec-Fetch-Site, then Origin against Host and PUBLIC_URL. */

#include "services/gateway/cross_site.h"

#include <string.h>

#include "common/http/origin.h"
#include "services/gateway/request.h"

static bool is_own_origin(const struct request *request, const char *text)
{
    struct origin origin;
    if (!origin_parse(text, &origin)) {
        return false; /* `null`, an extension's, none that we could be */
    }
    if (origin_matches_host(&origin, http_request_header(&request->http, "Host"))) {
        return true;
    }
    const struct gateway *gateway = request->gateway;
    return gateway->has_public_origin && origin_equals(&origin, &gateway->public_origin);
}

static bool is_from_here(const struct request *request)
{
    const struct http_request *http = &request->http;
    if (http_request_header(http, "Authorization") != NULL) {
        return true;
    }
    const char *site = http_request_header(http, "Sec-Fetch-Site");
    if (site != NULL) {
        return strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
    }
    const char *origin = http_request_header(http, "Origin");
    return origin == NULL || is_own_origin(request, origin);
}

enum err cross_site_check(struct request *request)
{
    if (request_is_safe(request) || is_from_here(request)) {
        return OK;
    }
    return request_fail(request, ERR_ACCESS_DENIED, "The request comes from another site.");
}
