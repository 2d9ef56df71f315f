/* From result to response body. */

#include "services/gateway/api/view.h"

#include "services/gateway/api/filter.h"
#include "services/gateway/request.h"

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
    http_response_add(&request->response, "Content-Type", "application/json");
    return OK;
}
