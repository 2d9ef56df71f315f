/* Routes: the table of bindings, walked. */

#include "services/gateway/api/route.h"

#include <string.h>

#include "common/http/characters.h"
#include "services/gateway/api/signature.h"
#include "services/gateway/request.h"

static const char *method_name(enum http_method method)
{
    static const char *const names[] = {
        [HTTP_GET] = "GET",
        [HTTP_POST] = "POST",
        [HTTP_PATCH] = "PATCH",
        [HTTP_DELETE] = "DELETE",
    };
    return names[method];
}

/* A decimal within the field's limits, without sign and leading zeros. */
static bool is_integer(const struct json_field *field, const struct path_segment *segment)
{
    int64_t value = 0;
    if (segment->size > 16 || (segment->text[0] == '0' && segment->size > 1)) {
        return false;
    }
    for (size_t i = 0; i < segment->size; i++) {
        if (!is_http_digit(segment->text[i])) {
            return false;
        }
        value = value * 10 + (segment->text[i] - '0');
    }
    return value >= field->minimum && value <= field->maximum && value <= JSON_INTEGER_MAX;
}

static bool is_signed(const struct http_binding *binding, const struct json_field *field)
{
    return binding->signed_field != NULL && strcmp(field->name, binding->signed_field) == 0;
}

/* An id with the right MAC; what is left of it is the id. */
static bool take_signature_off(const struct gateway *gateway, struct path_segment *segment)
{
    if (!signature_is_right(gateway, segment->text, segment->size)) {
        return false;
    }
    segment->size = UUID_LENGTH;
    return true;
}

/* A segment that cannot be the value of its field makes another path. */
static bool are_values_possible(const struct gateway *gateway, const struct http_binding *binding,
                                struct path_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        struct path_value *value = &values->values[i];
        const struct json_field *field =
            json_field_find(binding->path_fields, value->name, value->name_size);
        if (field == NULL || (field->kind == JSON_INTEGER && !is_integer(field, &value->segment))) {
            return false;
        }
        if (is_signed(binding, field) && !take_signature_off(gateway, &value->segment)) {
            return false;
        }
    }
    return true;
}

static bool is_path_of(const struct gateway *gateway, const struct http_binding *binding,
                       const struct path *path, struct path_values *ret)
{
    return path_matches(path, binding->path, ret) && are_values_possible(gateway, binding, ret);
}

static enum err refuse_method(struct request *request, unsigned methods)
{
    struct buffer allow;
    buffer_init(&allow, request->arena);
    for (enum http_method method = HTTP_GET; method <= HTTP_DELETE; method++) {
        if ((methods & 1U << method) == 0) {
            continue;
        }
        buffer_append_text(&allow, allow.size == 0 ? "" : ", ");
        buffer_append_text(&allow, method == HTTP_GET ? "GET, HEAD" : method_name(method));
    }
    http_response_add(&request->response, "Allow", allow.data);
    return request_fail(request, ERR_METHOD_NOT_ALLOWED, "The methods here are %s.", allow.data);
}

enum err route_find(struct request *request)
{
    const struct gateway *gateway = request->gateway;
    const char *method = request_is(request, "HEAD") ? "GET" : request->http.method;
    unsigned methods = 0;
    struct path path;
    if (!path_split(request->http.path, request->arena, &path)) {
        return request_fail(request, ERR_NOT_FOUND, "There is no such path.");
    }
    for (size_t i = 0; i < gateway->binding_count; i++) {
        const struct http_binding *binding = &gateway->bindings[i];
        if (!is_path_of(gateway, binding, &path, &request->path_values)) {
            continue;
        }
        if (strcmp(method, method_name(binding->method)) == 0) {
            request->binding = binding;
            request->route = binding->path;
            return OK;
        }
        methods |= 1U << binding->method;
    }
    if (methods == 0) {
        return request_fail(request, ERR_NOT_FOUND, "There is no such path.");
    }
    return refuse_method(request, methods);
}
