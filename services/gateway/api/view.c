/* From result to response body. */

#include "services/gateway/api/view.h"

#include <string.h>

#include "services/gateway/request.h"

static void set_body(struct request *request, const char *data, size_t size)
{
    request->response.body = data;
    request->response.body_size = size;
}

/* The bytes of the shown value as they came. They are the bus's and gone soon: copied. */
static enum err show_whole(struct request *request, const char *result, size_t size)
{
    struct json_slice slice = {.data = result, .size = size};
    const char *field = request->binding->shown_field;
    if (field != NULL && !json_find_member(result, size, field, &slice)) {
        return ERR_INTERNAL;
    }
    set_body(request, arena_copy(request->arena, slice.data, slice.size), slice.size);
    return OK;
}

static void encode_field(const struct http_binding *binding, const struct json_field *field,
                         const void *result, struct buffer *buffer)
{
    const char *place = (const char *)result + field->offset;
    if (field->kind != JSON_ARRAY) {
        json_encode(binding->shown, place, buffer);
        return;
    }
    const void *elements = *(const void *const *)place;
    size_t count = *(const size_t *)((const char *)result + field->count_offset);
    json_encode_array(binding->shown, elements, count, buffer);
}

/* Some fields only: decoded by the contract, encoded by the view. */
static enum err show_part(struct request *request, const char *data, size_t size)
{
    const struct http_binding *binding = request->binding;
    const struct json_object *object = binding->contract->result;
    void *result = arena_alloc(request->arena, object->size);
    struct problem problem = {0};
    struct buffer buffer;
    if (json_decode(object, data, size, request->arena, &problem, result) != OK) {
        return ERR_INTERNAL;
    }
    buffer_init(&buffer, request->arena);
    if (binding->shown_field == NULL) {
        json_encode(binding->shown, result, &buffer);
    } else {
        const struct json_field *field =
            json_field_find(object, binding->shown_field, strlen(binding->shown_field));
        if (field == NULL) {
            return ERR_INTERNAL;
        }
        encode_field(binding, field, result, &buffer);
    }
    set_body(request, buffer.data, buffer.size);
    return OK;
}

enum err view_show(struct request *request, const char *result, size_t size)
{
    const struct http_binding *binding = request->binding;
    if (binding->shown == NULL) {
        return OK;
    }
    http_response_add(&request->response, "Content-Type", "application/json");
    return binding->is_shown_whole ? show_whole(request, result, size)
                                   : show_part(request, result, size);
}
