/* The responders, in their order. */

#include <string.h>

#include "services/gateway/api/api.h"
#include "services/gateway/health.h"
#include "services/gateway/pages/asset.h"
#include "services/gateway/pages/events.h"
#include "services/gateway/pages/pages.h"
#include "services/gateway/request.h"

#define API "/api/"

static bool is_under_api(const char *path)
{
    return strncmp(path, API, strlen(API)) == 0;
}

const struct responder *responder_of(const struct request *request)
{
    const char *path = request->http.path;
    if (health_is_asked(request)) {
        return &health_responder;
    }
    if (events_are_asked(request)) {
        return &events_responder;
    }
    if (asset_find(path) != NULL) {
        return &asset_responder;
    }
    bool is_api = strcmp(path, "/api") == 0 || is_under_api(path);
    return is_api ? &api_responder : &page_responder;
}
