/* A walk over JSON that keeps some members. Each step returns the place behind what it passed, or
 * NULL. */

#include "services/gateway/api/filter.h"

#include <string.h>

static const char *pass_space(const char *cursor, const char *end)
{
    while (cursor < end &&
           (*cursor == ' ' || *cursor == '\n' || *cursor == '\t' || *cursor == '\r')) {
        cursor++;
    }
    return cursor;
}

/* White space and the character `c`. */
static const char *pass_char(const char *cursor, const char *end, char c)
{
    cursor = pass_space(cursor, end);
    return cursor < end && *cursor == c ? cursor + 1 : NULL;
}

/* `cursor` is at the opening quote. */
static const char *pass_string(const char *cursor, const char *end)
{
    for (cursor++; cursor < end && *cursor != '"'; cursor++) {
        if (*cursor == '\\') {
            cursor++;
        }
    }
    return cursor < end ? cursor + 1 : NULL;
}

/* A value with all that is in it: to the comma or the bracket that follows. */
static const char *pass_value(const char *cursor, const char *end)
{
    size_t depth = 0;
    while (cursor != NULL && cursor < end) {
        char c = *cursor;
        if (c == '"') {
            cursor = pass_string(cursor, end);
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) {
            return cursor;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        cursor++;
    }
    return NULL;
}

static size_t count_required(const struct json_object *view)
{
    size_t count = 0;
    for (size_t i = 0; i < view->field_count; i++) {
        count += (view->fields[i].flags & JSON_REQUIRED) != 0;
    }
    return count;
}

/* `"name":value`, copied if it is required, or at least known. */
static const char *copy_member(const struct json_object *view, const char *cursor, const char *end,
                               struct buffer *buffer, size_t *required)
{
    const char *name = pass_char(cursor, end, '"');
    const char *name_end = name == NULL ? NULL : pass_string(name - 1, end);
    const char *value = name_end == NULL ? NULL : pass_char(name_end, end, ':');
    const char *value_end = value == NULL ? NULL : pass_value(value, end);
    if (value_end == NULL) {
        return NULL;
    }
    const struct json_field *field = json_field_find(view, name, (size_t)(name_end - 1 - name));
    if (field != NULL) {
        buffer_append_text(buffer, buffer->data[buffer->size - 1] == '{' ? "" : ",");
        buffer_append(buffer, name - 1, (size_t)(value_end - (name - 1)));
        *required += (field->flags & JSON_REQUIRED) != 0;
    }
    return value_end;
}

static const char *copy_object(const struct json_object *view, const char *cursor, const char *end,
                               struct buffer *buffer)
{
    size_t required = 0;
    cursor = pass_char(cursor, end, '{');
    buffer_append_char(buffer, '{');
    while (cursor != NULL && pass_char(cursor, end, '}') == NULL) {
        cursor = copy_member(view, cursor, end, buffer, &required);
        const char *comma = cursor == NULL ? NULL : pass_char(cursor, end, ',');
        cursor = comma == NULL ? cursor : comma;
    }
    buffer_append_char(buffer, '}');
    if (cursor == NULL || required != count_required(view)) {
        return NULL;
    }
    return pass_char(cursor, end, '}');
}

static const char *copy_array(const struct json_object *view, const char *cursor, const char *end,
                              struct buffer *buffer)
{
    cursor = pass_char(cursor, end, '[');
    buffer_append_char(buffer, '[');
    while (cursor != NULL && pass_char(cursor, end, ']') == NULL) {
        buffer_append_text(buffer, buffer->data[buffer->size - 1] == '[' ? "" : ",");
        cursor = copy_object(view, cursor, end, buffer);
        const char *comma = cursor == NULL ? NULL : pass_char(cursor, end, ',');
        cursor = comma == NULL ? cursor : comma;
    }
    buffer_append_char(buffer, ']');
    return cursor == NULL ? NULL : pass_char(cursor, end, ']');
}

bool filter_copy(const struct json_object *view, const char *data, size_t size,
                 struct buffer *buffer)
{
    const char *end = data + size;
    const char *start = pass_space(data, end);
    bool is_array = start < end && *start == '[';
    const char *rest =
        is_array ? copy_array(view, start, end, buffer) : copy_object(view, start, end, buffer);
    return rest != NULL && pass_space(rest, end) == end;
}
