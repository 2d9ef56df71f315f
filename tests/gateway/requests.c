/* Requests for tests. */

#include "tests/gateway/requests.h"

#include <string.h>

#include "contracts/routes.h"

enum { HEADERS_MAX = 16 };

struct gateway test_gateway;

void test_gateway_init(void)
{
    const struct settings settings = {
        .environment = "development",
        .public_url = "https://example.org",
        .secret_key = "a secret key of at least 32 characters",
        .reply_timeout_ms = 5000,
        .command_lifetime_ms = 60000,
        .session_lifetime_hours = 1,
    };
    gateway_init(&test_gateway, &settings, http_bindings, http_binding_count);
}

struct request *test_request(const char *method, const char *target)
{
    struct request *request = request_new(&test_gateway);
    size_t path_size = strcspn(target, "?");
    request->http.method = method;
    request->http.path = arena_copy(request->arena, target, path_size);
    request->http.query = target[path_size] == '?' ? target + path_size + 1 : NULL;
    request->http.headers = arena_alloc(request->arena, HEADERS_MAX * sizeof(struct http_header));
    test_add_header(request, "X-Request-ID", "test");
    return request;
}

void test_add_header(struct request *request, const char *name, const char *value)
{
    struct http_header *headers = (struct http_header *)(void *)request->http.headers;
    headers[request->http.header_count++] =
        (struct http_header){.name = name, .name_size = strlen(name), .value = value};
}

void test_set_body(struct request *request, const char *content_type, const char *body)
{
    if (content_type != NULL) {
        test_add_header(request, "Content-Type", content_type);
    }
    request->http.body = body;
    request->http.body_size = strlen(body);
}

const char *test_errors(struct request *request, const char *field)
{
    struct buffer buffer;
    buffer_init(&buffer, request->arena);
    buffer_append_text(&buffer, "");
    for (const struct field_error *error = request->problem.errors; error != NULL;
         error = error->next) {
        if (strcmp(error->field, field) == 0) {
            buffer_append_text(&buffer, buffer.size == 0 ? "" : "; ");
            buffer_append_text(&buffer, error->message);
        }
    }
    return buffer.data;
}

const char *test_response_header(const struct request *request, const char *name)
{
    return http_response_header(&request->response, name);
}

const char *test_call_header(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->call.header_count; i++) {
        if (strcmp(request->call.headers[i].name, name) == 0) {
            return request->call.headers[i].text;
        }
    }
    return NULL;
}
