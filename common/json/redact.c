/* Taking secrets out of bodies that are kept. */

#include "common/json/json.h"

#include "common/json/reader.h"

static void append_member(const struct json_field *field, const char *value, size_t size,
                          struct buffer *buffer)
{
    json_encode_text(field->name, field->name_size, buffer);
    buffer_append_char(buffer, ':');
    if ((field->flags & JSON_SECRET) != 0) {
        buffer_append_text(buffer, "\"[removed]\"");
    } else {
        buffer_append(buffer, value, size);
    }
}

/* `reader` is at an object that json_check has passed */
static bool redact_members(struct json_reader *reader, const struct json_object *object,
                           struct buffer *buffer)
{
    size_t count = 0;
    struct json_string string;
    if (!json_reader_enter(reader)) {
        return false;
    }
    buffer_append_char(buffer, '{');
    enum json_progress progress = json_reader_member(reader, &count, &string);
    for (; progress == JSON_MORE; progress = json_reader_member(reader, &count, &string)) {
        size_t name_size;
        const char *name = json_string_copy(&string, reader->report.arena, &name_size);
        const struct json_field *field = json_field_find(object, name, name_size);
        (void)json_reader_peek(reader); /* past the white space */
        const char *value = reader->cursor;
        if (field == NULL || !json_reader_skip(reader)) {
            return false;
        }
        if (count > 1) {
            buffer_append_char(buffer, ',');
        }
        append_member(field, value, (size_t)(reader->cursor - value), buffer);
    }
    buffer_append_char(buffer, '}');
    return progress == JSON_END;
}

void json_redact(const struct json_object *object, const char *data, size_t size,
                 struct arena *arena, struct buffer *buffer)
{
    struct json_reader reader = json_reader_of(data, size, arena, NULL);
    struct buffer redacted;
    buffer_init(&redacted, arena);
    if (json_check(data, size, arena, NULL) == OK &&
        json_reader_peek(&reader) == JSON_TOKEN_OBJECT &&
        redact_members(&reader, object, &redacted)) {
        buffer_append(buffer, redacted.data, redacted.size);
    } else {
        buffer_append_text(buffer, "null");
    }
}
