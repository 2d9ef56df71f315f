/*
 * Any HTTP request, through all that the gateway reads of it: route, signature, cross-site rule,
 * media type, key, session, preferences, query string, form, JSON, and then any reply to it.
 *
 * The input: `METHOD target`, lines of `Name: value`, an empty line, the body. What is read must
 * encode to what its contract accepts, and every response must be whole and, a problem, JSON.
 */

#include <stdlib.h>
#include <string.h>

#include "contracts/routes.h"
#include "services/gateway/api/api.h"
#include "services/gateway/request.h"

enum { HEADERS_MAX = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct gateway gateway;

static void require(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

/* Cut the next line off; NULL at the end. */
static char *take_line(char **rest)
{
    char *line = strsep(rest, "\n");
    return line == NULL || *line == '\0' ? NULL : line;
}

static void parse(struct request *request, char *text, size_t size)
{
    char *rest = text;
    char *line = take_line(&rest);
    struct http_header *headers =
        arena_alloc(request->arena, HEADERS_MAX * sizeof(struct http_header));
    request->http.method = line == NULL ? "GET" : strsep(&line, " ");
    request->http.path = line == NULL ? "/" : strsep(&line, "?");
    request->http.query = line;
    request->http.headers = headers;
    while (request->http.header_count < HEADERS_MAX && (line = take_line(&rest)) != NULL) {
        const char *name = strsep(&line, ":");
        headers[request->http.header_count++] = (struct http_header){
            .name = name, .name_size = strlen(name), .value = line == NULL ? "" : line};
    }
    request->http.body = rest;
    request->http.body_size = rest == NULL ? 0 : size - (size_t)(rest - text);
}

/* The response can be written as it is. */
static void check_response(const struct request *request)
{
    const struct http_response *response = &request->response;
    require(response->status >= 200 && response->status < 600);
    require(response->body != NULL || response->body_size == 0);
    require(http_response_header(response, "X-Request-ID") != NULL);
    for (size_t i = 0; i < response->header_count; i++) {
        require(strpbrk(response->headers[i].value, "\r\n") == NULL);
    }
    if (response->status >= 400) {
        require(json_check(response->body, response->body_size, request->arena, NULL) == OK);
    }
}

/* What is sent is what the contract says. */
static void check_message(const struct request *request)
{
    const struct call *call = &request->call;
    void *input = arena_alloc(request->arena, call->contract->input->size);
    struct problem problem = {0};
    require(json_decode(call->contract->input, call->body, call->body_size, request->arena,
                        &problem, input) == OK);
    require(call->header_count <= CALL_HEADERS_MAX);
    require(uuid_parse(call->message_id, strlen(call->message_id), NULL));
    require(call->wait_ms > 0 && call->wait_ms <= gateway.reply_timeout_ms);
    require(!call->is_async || call->contract->kind == MESSAGE_COMMAND);
}

/* Answer with what was the body, or, a command that nobody waits for, with what is known so far. */
static void answer(struct request *request)
{
    static const struct bus_header replayed = {
        .name = "replayed", .kind = BUS_BOOLEAN, .integer = 1};
    if (request->call.is_async) {
        api_answer(request, CALL_PENDING, NULL);
        return;
    }
    const struct bus_message reply = {
        .content_type = "application/json",
        .type = arena_printf(request->arena, "%s.result", request->call.contract->name),
        .headers = &replayed,
        .header_count = 1,
        .body = request->http.body == NULL ? "" : request->http.body,
        .body_size = request->http.body_size,
    };
    api_answer(request, CALL_REPLIED, &reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (gateway.bindings == NULL) {
        const struct settings settings = {
            .environment = "test",
            .public_url = "https://example.org",
            .secret_key = "a secret key of at least 32 characters",
            .reply_timeout_ms = 5000,
            .command_lifetime_ms = 60000,
        };
        gateway_init(&gateway, &settings, http_bindings, http_binding_count);
    }
    struct request *request = request_new(&gateway);
    parse(request, arena_copy(request->arena, data, size), size);
    if (api_read_head(request) == OK && api_read(request) == OK) {
        check_message(request);
        answer(request);
    } else {
        api_refuse(request);
    }
    check_response(request);
    request_free(request);
    return 0;
}
