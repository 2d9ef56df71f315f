/* Location and Link. */

#include "services/gateway/api/link.h"

#include <string.h>

#include "common/http/form.h"
#include "common/http/percent.h"
#include "services/gateway/request.h"

/* The text of a number, or of a string. Strings with escapes are none that an address is made of.
 */
static bool plain_text(struct json_slice value, struct json_slice *ret)
{
    if (value.size == 0 || memchr(value.data, '\\', value.size) != NULL) {
        return false;
    }
    if (value.data[0] == '"') {
        value.data++;
        value.size -= 2;
    }
    *ret = value;
    return value.size > 0;
}

/* Follow "post.id" into the result. */
static bool find_path(const char *path, size_t path_size, struct arena *arena,
                      struct json_slice *value)
{
    char *step = arena_copy(arena, path, path_size);
    while (step != NULL) {
        char *name = strsep(&step, ".");
        if (!json_find_member(value->data, value->size, name, value)) {
            return false;
        }
    }
    return plain_text(*value, value);
}

/* The template with each `{path}` replaced by the value there. */
static enum err add_location(struct request *request, const struct json_slice *result)
{
    const char *text = request->binding->location;
    struct buffer location;
    buffer_init(&location, request->arena);
    while (*text != '\0') {
        size_t fixed = strcspn(text, "{");
        buffer_append(&location, text, fixed);
        text += fixed;
        if (*text != '{') {
            break;
        }
        size_t size = strcspn(++text, "}");
        struct json_slice value = *result;
        if (!find_path(text, size, request->arena, &value)) {
            return ERR_INTERNAL;
        }
        percent_encode(value.data, value.size, &location);
        text += text[size] == '}' ? size + 1 : size;
    }
    http_response_add(&request->response, "Location", location.data);
    return OK;
}

/* The parameters the page was asked for with, but its own place in the list. */
static void append_other_parameters(struct request *request, struct buffer *link)
{
    struct form_reader pairs;
    struct form_pair pair;
    const char *query = request->http.query == NULL ? "" : request->http.query;
    form_reader_init(&pairs, query, strlen(query), request->arena);
    while (form_next(&pairs, &pair) == FORM_PAIR) {
        if (strcmp(pair.name, "cursor") == 0) {
            continue;
        }
        percent_encode(pair.name, pair.name_size, link);
        buffer_append_char(link, '=');
        percent_encode(pair.value, pair.value_size, link);
        buffer_append_char(link, '&');
    }
}

static enum err add_next(struct request *request, const struct json_slice *result)
{
    struct json_slice cursor;
    struct buffer link;
    if (!json_find_member(result->data, result->size, request->binding->next_cursor_field,
                          &cursor)) {
        return ERR_INTERNAL;
    }
    if (cursor.size == 4 && memcmp(cursor.data, "null", 4) == 0) {
        return OK;
    }
    if (!plain_text(cursor, &cursor)) {
        return ERR_INTERNAL;
    }
    buffer_init(&link, request->arena);
    buffer_append_char(&link, '<');
    buffer_append_text(&link, request->http.path);
    buffer_append_char(&link, '?');
    append_other_parameters(request, &link);
    buffer_append_text(&link, "cursor=");
    percent_encode(cursor.data, cursor.size, &link);
    buffer_append_text(&link, ">; rel=\"next\"");
    http_response_add(&request->response, "Link", link.data);
    return OK;
}

enum err link_add(struct request *request, const char *result, size_t size)
{
    const struct json_slice slice = {.data = result, .size = size};
    if (request->binding->location != NULL) {
        TRY(add_location(request, &slice));
    }
    if (request->binding->next_cursor_field != NULL) {
        TRY(add_next(request, &slice));
    }
    return OK;
}

const char *link_to_state(struct request *request, const char *signed_id)
{
    const struct http_binding *binding = request->gateway->state_binding;
    if (binding == NULL) {
        return NULL;
    }
    int fixed = (int)strcspn(binding->path, "{");
    return arena_printf(request->arena, "%.*s%s", fixed, binding->path, signed_id);
}
