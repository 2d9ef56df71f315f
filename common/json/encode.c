/* Structs into JSON text. */

#include "common/json/json.h"

#include <string.h>

#include "common/core/clock.h"
#include "common/json/text.h"

enum { INTEGER_TEXT_SIZE = 20 };

static const void *place_of(const struct json_field *field, const void *owner)
{
    return (const char *)owner + field->offset;
}

static size_t put_escape(char *place, char c)
{
    static const char meanings[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    static const char hex[] = "0123456789abcdef";
    const char *meaning = c == '\0' ? NULL : strchr(meanings, c);
    place[0] = '\\';
    if (meaning != NULL) {
        place[1] = letters[meaning - meanings];
        return 2;
    }
    place[1] = 'u';
    place[2] = '0';
    place[3] = '0';
    place[4] = hex[(unsigned char)c >> 4];
    place[5] = hex[c & 0xF];
    return 6;
}

void json_encode_text(const char *text, size_t size, struct buffer *buffer)
{
    const char *end = text + size;
    buffer_append_char(buffer, '"');
    while (text < end) {
        const char *plain = text;
        text = text_skip_plain(text, end);
        buffer_append(buffer, plain, (size_t)(text - plain));
        if (text < end) {
            char escape[6];
            buffer_append(buffer, escape, put_escape(escape, *text));
            text++;
        }
    }
    buffer_append_char(buffer, '"');
}

static void encode_integer(int64_t value, struct buffer *buffer)
{
    char text[INTEGER_TEXT_SIZE];
    char *place = text + sizeof(text);
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--place = (char)('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude > 0);
    if (value < 0) {
        *--place = '-';
    }
    buffer_append(buffer, place, (size_t)(text + sizeof(text) - place));
}

static void encode_time(int64_t time_us, struct buffer *buffer)
{
    char text[1 + CLOCK_TEXT_SIZE];
    text[0] = '"';
    clock_format(time_us, text + 1);
    text[CLOCK_TEXT_SIZE] = '"'; /* over the NUL */
    buffer_append(buffer, text, sizeof(text));
}

static bool is_absent(const struct json_field *field, const void *owner)
{
    const void *place = place_of(field, owner);
    switch (field->kind) {
    case JSON_STRING:
        return *(const char *const *)place == NULL;
    case JSON_ENUM: {
        unsigned value = *(const unsigned *)place;
        return value == 0 || value > field->value_count;
    }
    case JSON_ARRAY: {
        bool may_be_absent =
            (field->flags & JSON_REQUIRED) == 0 || (field->flags & JSON_NULLABLE) != 0;
        return may_be_absent && *(const void *const *)place == NULL;
    }
    case JSON_RAW:
        return ((const struct json_slice *)place)->data == NULL;
    case JSON_TIME:
    case JSON_INTEGER:
    case JSON_BOOLEAN:
    case JSON_OBJECT:
        break;
    }
    return field->presence_offset != JSON_NO_PRESENCE &&
           !*(const bool *)((const char *)owner + field->presence_offset);
}

static void encode_value(const struct json_field *field, const void *owner, struct buffer *buffer)
{
    const void *place = place_of(field, owner);
    switch (field->kind) {
    case JSON_STRING: {
        const char *text = *(const char *const *)place;
        json_encode_text(text, strlen(text), buffer);
        break;
    }
    case JSON_TIME:
        encode_time(*(const int64_t *)place, buffer);
        break;
    case JSON_INTEGER:
        encode_integer(*(const int64_t *)place, buffer);
        break;
    case JSON_BOOLEAN:
        buffer_append_text(buffer, *(const bool *)place ? "true" : "false");
        break;
    case JSON_ENUM: {
        const char *text = field->values[*(const unsigned *)place - 1];
        json_encode_text(text, strlen(text), buffer);
        break;
    }
    case JSON_OBJECT:
        json_encode(field->object, place, buffer);
        break;
    case JSON_ARRAY:
        json_encode_array(field->object, *(const void *const *)place,
                          *(const size_t *)((const char *)owner + field->count_offset), buffer);
        break;
    case JSON_RAW: {
        const struct json_slice *raw = place;
        buffer_append(buffer, raw->data, raw->size);
        break;
    }
    }
}

/* the comma before it, its name and the colon */
static void encode_name(const struct json_field *field, char before, struct buffer *buffer)
{
    char *place = buffer_reserve(buffer, field->name_size + 4);
    *place++ = before;
    *place++ = '"';
    memcpy(place, field->name, field->name_size);
    place += field->name_size;
    memcpy(place, "\":", 3);
    buffer->size += field->name_size + 4;
}

void json_encode(const struct json_object *object, const void *value, struct buffer *buffer)
{
    char before = '{';
    for (size_t i = 0; i < object->field_count; i++) {
        const struct json_field *field = &object->fields[i];
        bool is_null = is_absent(field, value);
        if (is_null && (field->flags & JSON_REQUIRED) == 0) {
            continue;
        }
        encode_name(field, before, buffer);
        before = ',';
        if (is_null) {
            buffer_append(buffer, "null", 4);
        } else {
            encode_value(field, value, buffer);
        }
    }
    buffer_append_text(buffer, before == '{' ? "{}" : "}");
}

void json_encode_array(const struct json_object *object, const void *values, size_t count,
                       struct buffer *buffer)
{
    buffer_append_char(buffer, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            buffer_append_char(buffer, ',');
        }
        json_encode(object, (const char *)values + i * object->size, buffer);
    }
    buffer_append_char(buffer, ']');
}
