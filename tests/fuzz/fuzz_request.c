/* Requests out of random bytes. */

#include "tests/fuzz/fuzz_request.h"

#include <string.h>

#include "contracts/routes.h"

enum { HEADERS_MAX = 16 };

static struct gateway gateway;

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

struct request *fuzz_request(const uint8_t *data, size_t size)
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
    return request;
}

void fuzz_check_response(const struct request *request)
{
    const struct http_response *response = &request->response;
    require(response->status >= 200 && response->status < 600);
    require(response->body != NULL || response->body_size == 0);
    require(http_response_header(response, "X-Request-ID") != NULL);
    for (size_t i = 0; i < response->header_count; i++) {
        require(strpbrk(response->headers[i].value, "\r\n") == NULL);
    }
}
