/*
 * Any HTTP request, through all that the gateway reads of it: route, signature, cross-site rule,
 * media type, key, session, preferences, query string, form, JSON, and then any reply to it.
 *
 * The input: `METHOD target`, lines of `Name: value`, an empty line, the body. What is read must
 * encode to what its contract accepts, and every response must be whole and, a problem, JSON.
 */

#include <netinet/in.h>
#include <string.h>

#include "services/gateway/api/api.h"
#include "tests/fuzz/fuzz_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The response can be written as it is; a problem is JSON. */
static void check_response(const struct request *request)
{
    const struct http_response *response = &request->response;
    fuzz_check_response(request);
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
    require(call->wait_ms > 0 && call->wait_ms <= request->gateway->reply_timeout_ms);
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

/* Whoever it is found to be: an address. */
static void check_client(const struct request *request)
{
    static const struct in6_addr peer = IN6ADDR_LOOPBACK_INIT;
    struct proxies proxies;
    char text[PROXIES_ADDRESS_SIZE] = "";
    require(proxies_parse("::1, 10.0.0.0/8", &proxies));
    struct in6_addr client;
    proxies_find_client(&proxies, &peer, &request->http, &client);
    proxies_format(&client, text);
    require(text[0] != '\0');
    if (request->http.header_count > 0) {
        require(!proxies_parse(request->http.headers[0].value, &proxies) ||
                proxies.count <= PROXIES_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request *request = fuzz_request(data, size);
    check_client(request);
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
