/* The walk of an API request. */

#include "services/gateway/api/api.h"

#include "services/gateway/api/identity.h"
#include "services/gateway/api/input.h"
#include "services/gateway/api/message.h"
#include "services/gateway/api/respond.h"
#include "services/gateway/api/route.h"
#include "services/gateway/cross_site.h"
#include "services/gateway/request.h"

enum err api_read_head(struct request *request)
{
    request_identify(request);
    if (http_request_is_ambiguous(&request->http)) {
        problem_add(&request->problem, request->arena, "body",
                    "must come with headers that say once where it goes and where it ends");
        return ERR_INVALID_INPUT;
    }
    TRY(route_find(request));
    return cross_site_check(request);
}

enum err api_read(struct request *request)
{
    const void *input;
    TRY(request->problem.err);
    TRY(input_check_body(request));
    TRY(identity_read(request));
    session_read(&request->session, request->gateway, &request->http);
    TRY(input_read(request, &input));
    request->call.contract = request->binding->contract;
    preferences_read(request);
    message_build(&request->call, input);
    return OK;
}

void api_refuse(struct request *request)
{
    respond_problem(request);
}

void api_answer(struct request *request, enum call_outcome outcome, const struct bus_message *reply)
{
    respond_outcome(request, outcome, reply);
}

static bool read_head(struct request *request)
{
    return api_read_head(request) == OK;
}

static void begin(struct request *request)
{
    if (api_read(request) != OK) {
        api_refuse(request);
        return;
    }
    request_call(request, &request->call);
}

static void take(struct request *request, struct call *call, enum call_outcome outcome,
                 const struct bus_message *reply)
{
    (void)call;
    api_answer(request, outcome, reply);
}

const struct responder api_responder = {.read_head = read_head, .begin = begin, .take = take};
