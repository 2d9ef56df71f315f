/*
 * Any request for a page: route, cookies, language, query string, form, and then any reply to what
 * the page asks (the header Reply; without it nobody answers). In the body CSRF stands for the
 * visitor's own token.
 *
 * What comes out is HTML in which nothing runs: the site has no script of its own, so whatever
 * looks like one came from outside.
 */

#include <sodium.h>
#include <string.h>

#include "services/gateway/pages/csrf.h"
#include "services/gateway/pages/pages.h"
#include "services/gateway/pages/visit.h"
#include "tests/fuzz/fuzz_request.h"

enum { CALLS_MAX = 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Put the token where the body says CSRF. */
static void add_token(struct request *request)
{
    struct visit visit = {.request = request};
    struct http_request *http = &request->http;
    const char *place =
        http->body_size == 0 ? NULL : memmem(http->body, http->body_size, "CSRF", strlen("CSRF"));
    if (place == NULL) {
        return;
    }
    session_read(&request->session, request->gateway, http);
    csrf_begin(&visit);
    struct buffer body;
    buffer_init(&body, request->arena);
    buffer_append(&body, http->body, (size_t)(place - http->body));
    buffer_append_text(&body, visit.csrf);
    place += strlen("CSRF");
    buffer_append(&body, place, (size_t)(http->body + http->body_size - place));
    http->body = body.data;
    http->body_size = body.size;
    memset(&request->session, 0, sizeof(request->session));
}

/* What is sent is what the contract says. */
static void check_message(const struct call *call)
{
    struct arena *arena = call->request->arena;
    void *input = arena_alloc(arena, call->contract->input->size);
    struct problem problem = {0};
    require(json_decode(call->contract->input, call->body, call->body_size, arena, &problem,
                        input) == OK);
    require(call->header_count <= CALL_HEADERS_MAX);
}

static void answer(struct request *request, struct call *call)
{
    const char *body = http_request_header(&request->http, "Reply");
    bool is_problem = body != NULL && strstr(body, "\"code\"") != NULL;
    request->open_calls--;
    if (body == NULL) {
        bool is_command = call->contract->kind == MESSAGE_COMMAND;
        page_responder.take(request, call, is_command ? CALL_PENDING : CALL_UNAVAILABLE, NULL);
        return;
    }
    const struct bus_message reply = {
        .content_type = is_problem ? "application/problem+json" : "application/json",
        .type = arena_printf(request->arena, "%s.result", call->contract->name),
        .body = body,
        .body_size = strlen(body),
    };
    page_responder.take(request, call, CALL_REPLIED, &reply);
}

static void check_html(const struct request *request)
{
    const struct http_response *response = &request->response;
    const char *type = http_response_header(response, "Content-Type");
    const char *location = http_response_header(response, "Location");
    if (location != NULL) {
        require(location[0] == '/' && location[1] != '/' && strchr(location, '\\') == NULL);
    }
    if (type == NULL || strncmp(type, "text/html", strlen("text/html")) != 0) {
        return;
    }
    require(strlen(response->body) == response->body_size);
    require(strcasestr(response->body, "<script") == NULL);
    require(strcasestr(response->body, "<img") == NULL);
    require(strcasestr(response->body, "href=\"javascript:") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request *request = fuzz_request(data, size);
    struct call *call;
    int calls = 0;
    if (sodium_init() < 0) {
        return 0;
    }
    add_token(request);
    if (!page_responder.read_head(request)) {
        request->http.body = NULL;
    }
    page_responder.begin(request);
    while ((call = request_take_unsent(request)) != NULL) {
        require(++calls <= CALLS_MAX);
        check_message(call);
        answer(request, call);
    }
    require(request->open_calls == 0);
    fuzz_check_response(request);
    check_html(request);
    request_free(request);
    return 0;
}
