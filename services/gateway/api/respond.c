/* Responses. */

#include "services/gateway/api/respond.h"

#include <string.h>

#include "common/service/envelope.h"
#include "services/gateway/api/link.h"
#include "services/gateway/api/signature.h"
#include "services/gateway/api/view.h"
#include "services/gateway/request.h"
#include "services/gateway/security_headers.h"

static void add_common_headers(struct request *request)
{
    http_response_add(&request->response, "X-Request-ID", request->id);
    http_response_add(&request->response, "Cache-Control", "no-store");
    security_headers_add_for_data(request);
}

static void add_problem_headers(struct request *request, int status)
{
    request->response.status = status;
    http_response_add(&request->response, "Content-Type", CONTENT_TYPE_PROBLEM);
    if (status == 401) {
        http_response_add(&request->response, "WWW-Authenticate", "Bearer");
    }
    if (status == 503) {
        http_response_add(&request->response, "Retry-After", "1");
    }
    add_common_headers(request);
}

void respond_problem(struct request *request)
{
    struct buffer body;
    buffer_init(&body, request->arena);
    problem_encode(&request->problem, &body);
    request->response.body = body.data;
    request->response.body_size = body.size;
    add_problem_headers(request, err_info(request->problem.err)->http_status);
}

bool respond_unless_safe(struct request *request)
{
    if (request_is_safe(request)) {
        return false;
    }
    http_response_add(&request->response, "Allow", "GET, HEAD");
    (void)request_fail(request, ERR_METHOD_NOT_ALLOWED, "The methods here are %s.", "GET, HEAD");
    respond_problem(request);
    return true;
}

static void respond_err(struct request *request, enum err err, const char *detail)
{
    request->response = (struct http_response){0};
    (void)request_fail(request, err, "%s", language_text(request->language, detail));
    respond_problem(request);
}

/* Add `"token"` to the object that the body is. */
static void show_token(struct request *request)
{
    struct http_response *response = &request->response;
    struct buffer body;
    if (response->body_size < 2 || response->body[response->body_size - 1] != '}') {
        return;
    }
    buffer_init(&body, request->arena);
    buffer_append(&body, response->body, response->body_size - 1);
    buffer_append_text(&body, response->body_size == 2 ? "\"token\":\"" : ",\"token\":\"");
    buffer_append_text(&body, request->session.token);
    buffer_append_text(&body, "\"}");
    response->body = body.data;
    response->body_size = body.size;
    request->preferences.is_token_shown = true;
}

static void apply_session(struct request *request)
{
    enum session_effect effect = request->call.contract->session;
    session_apply(&request->session, effect, request->gateway, request->arena, &request->response);
    if (effect == SESSION_STARTS && session_is_token_wanted(&request->http)) {
        show_token(request);
    }
}

/* Say that this is the outcome of an earlier request with the same key. */
static void add_replayed(struct request *request, const struct bus_message *reply)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        const struct bus_header *header = &reply->headers[i];
        if (request->idempotency_key != NULL && strcmp(header->name, HEADER_REPLAYED) == 0 &&
            header->kind == BUS_BOOLEAN && header->integer != 0) {
            http_response_add(&request->response, "Idempotent-Replayed", "true");
            return;
        }
    }
}

static enum err respond_result(struct request *request, const struct bus_message *reply)
{
    TRY(view_show(request, reply->body, reply->body_size));
    TRY(link_add(request, reply->body, reply->body_size));
    apply_session(request);
    preferences_add(request);
    add_replayed(request, reply);
    request->response.status = request->binding->success_status;
    add_common_headers(request);
    return OK;
}

/* Say how long to wait, as the problem does. */
static void add_retry_after(struct request *request, const struct bus_message *reply)
{
    struct json_slice seconds;
    if (json_find_member(reply->body, reply->body_size, "retry_after", &seconds)) {
        http_response_add(&request->response, "Retry-After",
                          arena_copy(request->arena, seconds.data, seconds.size));
    }
}

/* A problem is passed on as it came; one that is none of ours is not. */
static enum err respond_passed_problem(struct request *request, const struct bus_message *reply)
{
    enum err err = problem_code_of(reply->body, reply->body_size);
    if (err == OK) {
        return ERR_INTERNAL;
    }
    request->response.body = arena_copy(request->arena, reply->body, reply->body_size);
    request->response.body_size = reply->body_size;
    add_replayed(request, reply);
    if (err == ERR_TOO_MANY_ATTEMPTS) {
        add_retry_after(request, reply);
    }
    add_problem_headers(request, err_info(err)->http_status);
    return OK;
}

static enum err respond_reply(struct request *request, const struct bus_message *reply)
{
    switch (call_reply_kind(&request->call, reply)) {
    case REPLY_RESULT:
        return respond_result(request, reply);
    case REPLY_PROBLEM:
        return respond_passed_problem(request, reply);
    case REPLY_FOUL:
        break;
    }
    return ERR_INTERNAL;
}

/*
 * Written, and its fate unknown: the caller learns by which id to ask for it. Of a login or
 * registration as well, but without a cookie: whether it will succeed is not known, and a token
 * that was given away before could not be taken back. The same request again, under the same
 * Idempotency-Key, gets the outcome and a session.
 */
static void respond_pending(struct request *request)
{
    struct http_response *response = &request->response;
    const char *id = signature_add(request->gateway, request->call.message_id, request->arena);
    response->status = 202;
    response->body = arena_printf(request->arena, "{\"id\":\"%s\",\"state\":\"pending\"}", id);
    response->body_size = strlen(response->body);
    http_response_add(response, "Content-Type", CONTENT_TYPE_JSON);
    const char *state = link_to_state(request, id);
    if (state != NULL) {
        http_response_add(response, "Location", state);
    }
    preferences_add(request);
    add_common_headers(request);
}

void respond_outcome(struct request *request, enum call_outcome outcome,
                     const struct bus_message *reply)
{
    switch (outcome) {
    case CALL_REPLIED:
        if (respond_reply(request, reply) != OK) {
            respond_err(request, ERR_INTERNAL, "The reply was not understood.");
        }
        return;
    case CALL_PENDING:
        respond_pending(request);
        return;
    case CALL_UNAVAILABLE:
        respond_err(request, ERR_UNAVAILABLE, "Nobody answers at present; try again.");
        return;
    }
}
