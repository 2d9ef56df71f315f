/* Answers about health. */

#include "services/gateway/health.h"

#include <string.h>

#include "common/service/envelope.h"
#include "services/gateway/api/respond.h"
#include "services/gateway/broker.h"
#include "services/gateway/overview.h"
#include "services/gateway/request.h"
#include "services/gateway/security_headers.h"

#define HEALTHZ "/healthz"
#define READYZ "/readyz"
#define HT "/ht/"

bool health_is_asked(const struct request *request)
{
    const char *path = request->http.path;
    return strcmp(path, HEALTHZ) == 0 || strcmp(path, READYZ) == 0 ||
           (strcmp(path, HT) == 0 && !request_wants_html(request));
}

static bool read_head(struct request *request)
{
    const char *path = request->http.path;
    request_identify(request);
    request->route = strcmp(path, HT) == 0 ? HT : strcmp(path, READYZ) == 0 ? READYZ : HEALTHZ;
    return false;
}

static void respond(struct request *request, bool is_well, const char *content_type,
                    const char *body, size_t size)
{
    struct http_response *response = &request->response;
    response->status = is_well ? 200 : 503;
    response->body = body;
    response->body_size = size;
    http_response_add(response, "Content-Type", content_type);
    http_response_add(response, "X-Request-ID", request->id);
    http_response_add(response, "Cache-Control", "no-store");
    if (!is_well) {
        http_response_add(response, "Retry-After", "1");
    }
    security_headers_add_for_data(request);
}

static void respond_verdict(struct request *request, bool is_well)
{
    const char *text = is_well ? "ok\n" : "failing\n";
    respond(request, is_well, "text/plain; charset=utf-8", text, strlen(text));
}

static void respond_health(struct request *request)
{
    struct health health;
    struct buffer body;
    overview_health(request->local, request->arena, &health);
    buffer_init(&body, request->arena);
    json_encode(&health_object, &health, &body);
    respond(request, health.status == HEALTH_STATUS_OK, CONTENT_TYPE_JSON, body.data, body.size);
}

static void begin(struct request *request)
{
    const struct local *local = request->local;
    if (respond_unless_safe(request)) {
        return;
    }
    if (strcmp(request->route, HT) == 0) {
        respond_health(request);
        return;
    }
    bool is_ready = broker_is_answering(local->broker) && !local->is_draining;
    respond_verdict(request, is_ready || strcmp(request->route, HEALTHZ) == 0);
}

static void take(struct request *request, struct call *call, enum call_outcome outcome,
                 const struct bus_message *reply)
{
    (void)request; /* nobody was asked */
    (void)call;
    (void)outcome;
    (void)reply;
}

const struct responder health_responder = {.read_head = read_head, .begin = begin, .take = take};
