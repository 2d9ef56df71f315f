/* What a message carries beside its fields. */

#include "services/gateway/api/message.h"

#include <string.h>

#include "common/core/clock.h"
#include "common/http/trace_context.h"
#include "common/service/envelope.h"
#include "services/gateway/api/identity.h"
#include "services/gateway/language.h"
#include "services/gateway/request.h"

static void add_text(struct call *call, const char *name, const char *text)
{
    call->headers[call->header_count++] =
        (struct bus_header){.name = name, .kind = BUS_TEXT, .text = text};
}

static void add_integer(struct call *call, const char *name, int64_t integer)
{
    call->headers[call->header_count++] =
        (struct bus_header){.name = name, .kind = BUS_INTEGER, .integer = integer};
}

/* What they have chosen, or else Accept-Language as far as it fits and is printable: cut at a
 * comma. NULL: nothing left. */
static const char *language_of(struct request *request)
{
    enum language chosen;
    if (language_is_chosen(request, &chosen)) {
        return language_tag(chosen);
    }
    const char *text = http_request_header(&request->http, "Accept-Language");
    size_t size = 0;
    size_t fits = 0;
    while (text != NULL && text[size] >= ' ' && text[size] <= '~' && size <= BUS_SHORT_TEXT_MAX) {
        fits = text[size] == ',' ? size : fits;
        size++;
    }
    if (text != NULL && text[size] == '\0' && size <= BUS_SHORT_TEXT_MAX) {
        fits = size;
    }
    return fits == 0 ? NULL : arena_copy(request->arena, text, fits);
}

static void add_caller(struct call *call)
{
    struct request *request = call->request;
    struct session *session = &request->session;
    if (session->caller[0] != '\0') {
        add_text(call, HEADER_SESSION, session->caller);
    }
    if (call->contract->session == SESSION_STARTS) {
        session_begin(session);
        add_text(call, HEADER_NEW_SESSION, session->started);
    }
    if (request->http.client_address != NULL) {
        add_text(call, HEADER_CLIENT_ADDRESS, request->http.client_address);
    }
}

static void add_context(struct call *call)
{
    struct request *request = call->request;
    const char *language = language_of(request);
    const char *traceparent = http_request_header(&request->http, "traceparent");
    if (language != NULL) {
        add_text(call, HEADER_LANGUAGE, language);
    }
    if (traceparent_is_valid(traceparent)) {
        add_text(call, HEADER_TRACEPARENT, traceparent);
    }
}

/* Nobody needs the answer to a query that comes too late; a command that was called pending must
 * still be done. */
static void add_deadline(struct call *call)
{
    bool is_query = call->contract->kind == MESSAGE_QUERY;
    int64_t rest_ms = is_query ? call->wait_ms : call->request->gateway->command_lifetime_ms;
    add_integer(call, HEADER_DEADLINE, clock_wall_us() / 1000 + rest_ms);
}

static void add_identity(struct call *call)
{
    struct request *request = call->request;
    if (call != &request->call) {
        uuid_new(call->message_id);
        return;
    }
    const char *key = identity_key_digest(request);
    identity_set(request);
    if (key != NULL) {
        add_text(call, HEADER_IDEMPOTENCY_KEY, key);
    }
}

void message_build(struct call *call, const void *input)
{
    struct request *request = call->request;
    struct buffer body;
    buffer_init(&body, request->arena);
    json_encode(call->contract->input, input, &body);
    call->body = body.data;
    call->body_size = body.size;
    call->caller = session_caller_digest(&request->session, request->gateway, &request->http);
    call->wait_ms = call->wait_ms == 0 ? request->gateway->reply_timeout_ms : call->wait_ms;
    add_identity(call);
    add_caller(call);
    add_context(call);
    add_deadline(call);
}
