/* From the question to the stream. */

#include "services/gateway/pages/events.h"

#include <string.h>

#include "contracts/users_me.h"
#include "services/gateway/api/message.h"
#include "services/gateway/api/respond.h"
#include "services/gateway/listeners.h"
#include "services/gateway/pages/ask.h"
#include "services/gateway/security_headers.h"

#define EVENTS "/admin/operations/events"

bool events_are_asked(const struct request *request)
{
    return strcmp(request->http.path, EVENTS) == 0;
}

static bool read_head(struct request *request)
{
    request_identify(request);
    request->route = EVENTS;
    return false;
}

static void refuse(struct request *request, enum err err, const char *detail)
{
    (void)request_fail(request, err, "%s", language_text(request->language, detail));
    respond_problem(request);
}

static void begin(struct request *request)
{
    static const struct users_me_query nothing = {0};
    if (!request_is(request, "GET")) {
        http_response_add(&request->response, "Allow", "GET");
        refuse(request, ERR_METHOD_NOT_ALLOWED, N_("The method here is GET."));
        return;
    }
    if (request_is_too_large(request)) {
        refuse(request, ERR_PAYLOAD_TOO_LARGE, N_("That is too much to send at once."));
        return;
    }
    session_read(&request->session, request->gateway, &request->http);
    if (request->session.caller[0] == '\0') {
        refuse(request, ERR_ACCESS_DENIED, N_("You are not logged in."));
        return;
    }
    request->call.contract = &users_me_contract;
    request->call.is_unattended = true; /* a page that is left open does not keep a session alive */
    message_build(&request->call, &nothing);
    request_call(request, &request->call);
}

static void begin_stream(struct request *request)
{
    struct http_response *response = &request->response;
    response->status = 200;
    response->is_stream = true;
    http_response_add(response, "Content-Type", "text/event-stream");
    http_response_add(response, "X-Request-ID", request->id);
    http_response_add(response, "Cache-Control", "no-store");
    http_response_add(response, "X-Accel-Buffering", "no");
    security_headers_add_for_data(request);
}

static void take(struct request *request, struct call *call, enum call_outcome outcome,
                 const struct bus_message *reply)
{
    struct problem problem = {0};
    void *result = NULL;
    ask_read_reply(call, outcome, reply, &problem, &result);
    if (result == NULL) {
        refuse(request, problem.err, N_("Nobody says who you are."));
        return;
    }
    if (!((const struct users_me_result *)result)->user.is_staff) {
        refuse(request, ERR_ACCESS_DENIED, N_("This is for the staff."));
        return;
    }
    if (request->local->is_draining || !listeners_have_room(request->local->listeners)) {
        refuse(request, ERR_UNAVAILABLE, N_("Too many listen already."));
        return;
    }
    begin_stream(request);
}

const struct responder events_responder = {.read_head = read_head, .begin = begin, .take = take};
