/* The access log. */

#include "services/gateway/access_log.h"

#include <inttypes.h>

#include "common/core/clock.h"
#include "common/core/log.h"
#include "services/gateway/request.h"

void access_log_write(const struct request *request)
{
    const char *route = request->route == NULL ? "-" : request->route;
    int64_t us = clock_monotonic_us() - request->started_us;
    log_event(LOG_INFO, "request",
              "method=%s route=\"%s\" status=%d ms=%" PRId64 ".%03" PRId64
              " request_id=%s message_id=%s client_address=%s",
              request->http.method, route, request->response.status, us / 1000, us % 1000,
              request->id, request->call.message_id[0] == '\0' ? "-" : request->call.message_id,
              request->http.client_address == NULL ? "-" : request->http.client_address);
}
