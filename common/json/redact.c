/* Taking secrets out of bodies that are kept. */

#include "common/json/json.h"

#include "common/json/reader.h"

/* A secret may have been sent under a wrong name, too. */
static bool is_secret(const struct json_field *field)
{
    return field == NULL || (field->flags & JSON_SECRET) != 0;
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
        bool is_removed = is_secret(json_field_find(object, name, name_size));
        (void)json_reader_peek(reader); /* past the white space */
        const char *value = reader->cursor;
        if (!json_reader_skip(reader)) {
            return false;
        }
        buffer_append_text(buffer, count > 1 ? "," : "");
        json_encode_text(name, name_size, buffer);
        buffer_append_char(buffer, ':');
        if (is_removed) {
            buffer_append_text(buffer, "\"[removed]\"");
        } else {
            buffer_append(buffer, value, (size_t)(reader->cursor - value));
        }
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
