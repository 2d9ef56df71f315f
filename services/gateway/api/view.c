/* From result to response body. */

#include "services/gateway/api/view.h"

#include "services/gateway/api/filter.h"
#include "services/gateway/api/signature.h"
#include "services/gateway/request.h"

/* Add its MAC to the id that the body shows. */
static enum err add_signature(struct request *request, const char *field)
{
    struct http_response *response = &request->response;
    struct json_slice value;
    struct buffer body;
    char id[UUID_TEXT_SIZE];
    if (!json_find_member(response->body, response->body_size, field, &value) ||
        value.size != UUID_LENGTH + 2 || value.data[0] != '"' ||
        !uuid_parse(value.data + 1, UUID_LENGTH, id)) {
        return ERR_INTERNAL;
    }
    size_t before = (size_t)(value.data + 1 - response->body);
    buffer_init(&body, request->arena);
    buffer_append(&body, response->body, before);
    buffer_append_text(&body, signature_add(request->gateway, id, request->arena));
    before += UUID_LENGTH;
    buffer_append(&body, response->body + before, response->body_size - before);
    response->body = body.data;
    response->body_size = body.size;
    return OK;
}

enum err view_show(struct request *request, const char *result, size_t size)
{
    const struct http_binding *binding = request->binding;
    struct json_slice shown = {.data = result, .size = size};
    struct buffer body;
    if (binding->shown == NULL) {
        return OK;
    }
    if (binding->shown_field != NULL &&
        !json_find_member(result, size, binding->shown_field, &shown)) {
        return ERR_INTERNAL;
    }
    /* the reply is the bus's and gone soon: copied, whole or in part */
    buffer_init(&body, request->arena);
    (void)buffer_reserve(&body, shown.size);
    if (binding->is_shown_whole && binding->shown_field != NULL) {
        buffer_append(&body, shown.data, shown.size);
    } else if (!filter_copy(binding->shown, shown.data, shown.size, &body)) {
        return ERR_INTERNAL;
    }
    request->response.body = body.data;
    request->response.body_size = body.size;
    if (binding->signed_field != NULL) {
        TRY(add_signature(request, binding->signed_field));
    }
    http_response_add(&request->response, "Content-Type", "application/json");
    return OK;
}
