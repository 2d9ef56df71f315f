/* JSON text into structs. */

#include "common/json/json.h"

#include <inttypes.h>
#include <string.h>

#include "common/json/complete.h"
#include "common/json/reader.h"
#include "common/json/set.h"

static bool decode_object(struct json_reader *reader, const struct json_object *object,
                          const struct json_step *step, void *ret);

const struct json_field *json_field_find(const struct json_object *object, const char *name,
                                         size_t name_size)
{
    for (size_t i = 0; i < object->field_count; i++) {
        const struct json_field *field = &object->fields[i];
        if (field->name_size == name_size && memcmp(field->name, name, name_size) == 0) {
            return field;
        }
    }
    return NULL;
}

/* Note what is wrong with the value that comes next, and read past it. */
static bool refuse_value(struct json_reader *reader, const struct json_step *step,
                         const char *message)
{
    if (!json_reader_skip(reader)) {
        return false;
    }
    json_report_add(&reader->report, step, "%s", json_report_text(&reader->report, message));
    return true;
}

static bool decode_text(struct json_reader *reader, const struct json_field *field,
                        const struct json_step *step, void *owner)
{
    struct json_string string;
    if (!json_reader_string(reader, &string)) {
        return false;
    }
    if (string.fault != TEXT_FINE) {
        report_fault(string.fault, &reader->report, step);
        return true;
    }
    struct set_text text = {.characters = string.characters};
    text.text = json_string_copy(&string, reader->report.arena, &text.size);
    set_text(field, &text, &reader->report, step, owner);
    return true;
}

static bool decode_number(struct json_reader *reader, const struct json_field *field,
                          const struct json_step *step, void *owner)
{
    struct json_number number;
    if (!json_reader_number(reader, &number)) {
        return false;
    }
    set_number(field, &number, &reader->report, step, owner);
    return true;
}

static bool decode_boolean(struct json_reader *reader, const struct json_field *field, void *owner)
{
    bool value = *reader->cursor == 't';
    set_boolean(field, value, owner);
    return json_reader_word(reader, value ? "true" : "false");
}

/* room for one more element: the array doubles */
static void *array_place(struct json_reader *reader, size_t element_size, void *array, size_t count)
{
    bool is_full = (count & (count - 1)) == 0;
    if (!is_full) {
        return array;
    }
    size_t capacity = count == 0 ? 1 : count * 2;
    return arena_grow(reader->report.arena, array, count * element_size, capacity * element_size);
}

static bool decode_element(struct json_reader *reader, const struct json_object *object,
                           const struct json_step *step, void *element)
{
    if (json_reader_peek(reader) == JSON_TOKEN_OBJECT) {
        return decode_object(reader, object, step, element);
    }
    return refuse_value(reader, step, "must be an object");
}

static void report_count(const struct json_field *field, struct json_report *report,
                         const struct json_step *step, size_t count)
{
    if (count == 0 && field->minimum > 0) {
        json_report_add(report, step, "must not be empty");
    } else if ((int64_t)count < field->minimum) {
        json_report_add(report, step, "must have at least %" PRId64 " elements", field->minimum);
    } else if ((int64_t)count > field->maximum) {
        json_report_add(report, step, "must have at most %" PRId64 " elements", field->maximum);
    }
}

static bool decode_array(struct json_reader *reader, const struct json_field *field,
                         const struct json_step *step, void *owner)
{
    if (!json_reader_enter(reader)) {
        return false;
    }
    size_t size = field->object->size;
    char *array = array_place(reader, size, NULL, 0);
    size_t count = 0;
    enum json_progress progress = json_reader_element(reader, &count);
    for (; progress == JSON_MORE; progress = json_reader_element(reader, &count)) {
        if ((int64_t)count > field->maximum) {
            if (!json_reader_skip(reader)) {
                return false;
            }
            continue;
        }
        struct json_step here = {.parent = step, .index = count - 1};
        array = count == 1 ? array : array_place(reader, size, array, count - 1);
        memset(array + (count - 1) * size, 0, size);
        if (!decode_element(reader, field->object, &here, array + (count - 1) * size)) {
            return false;
        }
    }
    report_count(field, &reader->report, step, count);
    *(void **)((char *)owner + field->offset) = array;
    *(size_t *)((char *)owner + field->count_offset) = count;
    return progress == JSON_END;
}

/* the token a field of this kind is written as */
static bool is_of_kind(enum json_token token, enum json_kind kind)
{
    switch (kind) {
    case JSON_STRING:
    case JSON_TIME:
    case JSON_ENUM:
        return token == JSON_TOKEN_STRING;
    case JSON_INTEGER:
        return token == JSON_TOKEN_NUMBER;
    case JSON_BOOLEAN:
        return token == JSON_TOKEN_TRUE || token == JSON_TOKEN_FALSE;
    case JSON_OBJECT:
    case JSON_RAW:
        return token == JSON_TOKEN_OBJECT;
    case JSON_ARRAY:
        return token == JSON_TOKEN_ARRAY;
    }
    return false;
}

/* An object as it stands. */
static bool decode_raw(struct json_reader *reader, const struct json_field *field, void *owner)
{
    const char *begin = reader->cursor;
    struct json_slice *raw = (struct json_slice *)(void *)((char *)owner + field->offset);
    if (!json_reader_skip(reader)) {
        return false;
    }
    raw->size = (size_t)(reader->cursor - begin);
    raw->data = arena_copy(reader->report.arena, begin, raw->size);
    return true;
}

static bool decode_value(struct json_reader *reader, const struct json_field *field,
                         const struct json_step *step, void *owner)
{
    enum json_token token = json_reader_peek(reader);
    if (token == JSON_TOKEN_NULL && (field->flags & JSON_NULLABLE) != 0) {
        return json_reader_word(reader, "null");
    }
    if (token == JSON_TOKEN_NONE) {
        return json_reader_broken(reader);
    }
    if (!is_of_kind(token, field->kind)) {
        bool is_skipped = json_reader_skip(reader);
        if (is_skipped) {
            report_type(field, &reader->report, step);
        }
        return is_skipped;
    }
    switch (field->kind) {
    case JSON_INTEGER:
        return decode_number(reader, field, step, owner);
    case JSON_BOOLEAN:
        return decode_boolean(reader, field, owner);
    case JSON_OBJECT:
        set_presence(field, owner);
        return decode_object(reader, field->object, step, (char *)owner + field->offset);
    case JSON_ARRAY:
        return decode_array(reader, field, step, owner);
    case JSON_RAW:
        return decode_raw(reader, field, owner);
    case JSON_STRING:
    case JSON_TIME:
    case JSON_ENUM:
        break;
    }
    return decode_text(reader, field, step, owner);
}

/* the field that is named; `next` is where it is when fields come in the contract's order */
static const struct json_field *find_field(const struct json_object *object, size_t *next,
                                           const char *name, size_t name_size)
{
    const struct json_field *field = *next < object->field_count ? &object->fields[*next] : NULL;
    if (field == NULL || field->name_size != name_size ||
        memcmp(field->name, name, name_size) != 0) {
        field = json_field_find(object, name, name_size);
    }
    if (field != NULL) {
        *next = (size_t)(field - object->fields) + 1;
    }
    return field;
}

static bool decode_member(struct json_reader *reader, const struct json_field *field,
                          const struct json_step *step, uint64_t *seen, void *ret)
{
    if (field == NULL) {
        return refuse_value(reader, step, "is not a known field");
    }
    if ((*seen & field_bit(field)) != 0) {
        return refuse_value(reader, step, "is repeated");
    }
    *seen |= field_bit(field);
    return decode_value(reader, field, step, ret);
}

static bool decode_members(struct json_reader *reader, const struct json_object *object,
                           const struct json_step *step, uint64_t *seen, void *ret)
{
    if (!json_reader_enter(reader)) {
        return false;
    }
    size_t count = 0;
    size_t next = 0;
    struct json_string string;
    enum json_progress progress = json_reader_member(reader, &count, &string);
    for (; progress == JSON_MORE; progress = json_reader_member(reader, &count, &string)) {
        struct json_step here = {.parent = step, .name = string.raw, .name_size = string.raw_size};
        if (string.has_escapes) {
            here.name = json_string_copy(&string, reader->report.arena, &here.name_size);
        }
        const struct json_field *field = find_field(object, &next, here.name, here.name_size);
        if (!decode_member(reader, field, &here, seen, ret)) {
            return false;
        }
    }
    return progress == JSON_END;
}

static bool decode_object(struct json_reader *reader, const struct json_object *object,
                          const struct json_step *step, void *ret)
{
    uint64_t seen = 0;
    if (!decode_members(reader, object, step, &seen, ret)) {
        return false;
    }
    complete_object(object, &reader->report, step, seen, ret);
    return true;
}

static bool decode_whole(struct json_reader *reader, const struct json_object *object,
                         uint64_t *seen, void *ret)
{
    enum json_token token = json_reader_peek(reader);
    if (token == JSON_TOKEN_NONE) {
        return json_reader_broken(reader);
    }
    if (token != JSON_TOKEN_OBJECT) {
        if (json_reader_skip(reader) && json_reader_finish(reader)) {
            json_report_add(&reader->report, NULL, "must be a JSON object");
        }
        return false;
    }
    return decode_members(reader, object, NULL, seen, ret) && json_reader_finish(reader);
}

enum err json_decode_part(const struct json_object *object, const char *data, size_t size,
                          struct arena *arena, struct problem *problem, uint64_t *seen, void *ret)
{
    struct json_reader reader = json_reader_of(data, size, arena, problem);
    if (!decode_whole(&reader, object, seen, ret)) {
        /* nobody can say what is missing from a broken text */
        for (size_t i = 0; i < object->field_count; i++) {
            *seen |= field_bit(&object->fields[i]);
        }
    }
    return reader.report.count == 0 ? OK : ERR_INVALID_INPUT;
}

enum err json_decode(const struct json_object *object, const char *data, size_t size,
                     struct arena *arena, struct problem *problem, void *ret)
{
    uint64_t seen = 0;
    enum err decoded = json_decode_part(object, data, size, arena, problem, &seen, ret);
    enum err completed = json_complete(object, arena, problem, seen, ret);
    return decoded == OK ? completed : decoded;
}
