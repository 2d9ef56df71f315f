/*
 * A struct with every kind of field, its descriptor, and how to say in one line what became of an
 * input.
 */
#pragma once

#include <check.h>
#include <string.h>

#include "common/json/json.h"
#include "tests/support/check_main.h"

enum colour { COLOUR_RED = 1, COLOUR_GREEN };

struct part {
    int64_t id;
    const char *label;
};

struct sample {
    const char *name;
    const char *email;
    bool has_count;
    int64_t count;
    bool has_is_open;
    bool is_open;
    enum colour colour;
    bool has_made_at;
    int64_t made_at;
    const char *token;
    const char *note;
    bool has_part;
    struct part part;
    struct part *parts;
    size_t parts_count;
    const char *secret;
};

#define FIELD(struct_name, field, kind_, index_, ...)                                              \
    {                                                                                              \
        .name = #field, .name_size = sizeof(#field) - 1, .kind = (kind_), .index = (index_),       \
        .offset = offsetof(struct struct_name, field), .presence_offset = JSON_NO_PRESENCE,        \
        .maximum = JSON_INTEGER_MAX, __VA_ARGS__                                                   \
    }
#define PRESENCE(field) .presence_offset = offsetof(struct sample, has_##field)

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#endif

static const char *const colours[] = {"red", "green"};

static const struct json_field part_fields[] = {
    FIELD(part, id, JSON_INTEGER, 0, .flags = JSON_REQUIRED, .minimum = 1),
    FIELD(part, label, JSON_STRING, 1, .flags = JSON_REQUIRED, .maximum = 10),
};
static const struct json_object part_object = {
    .name = "part", .fields = part_fields, .field_count = 2, .size = sizeof(struct part)};

static const struct json_field sample_fields[] = {
    FIELD(sample, name, JSON_STRING, 0, .flags = JSON_REQUIRED | JSON_NOT_BLANK, .minimum = 1,
          .maximum = 5),
    FIELD(sample, email, JSON_STRING, 1, .format = JSON_FORMAT_EMAIL, .maximum = 254),
    FIELD(sample, count, JSON_INTEGER, 2, PRESENCE(count), .flags = JSON_HAS_DEFAULT, .minimum = -3,
          .maximum = 100, .default_integer = 20),
    FIELD(sample, is_open, JSON_BOOLEAN, 3, PRESENCE(is_open)),
    FIELD(sample, colour, JSON_ENUM, 4, .values = colours, .value_count = 2),
    FIELD(sample, made_at, JSON_TIME, 5, PRESENCE(made_at)),
    FIELD(sample, token, JSON_STRING, 6, .format = JSON_FORMAT_UUID),
    FIELD(sample, note, JSON_STRING, 7, .flags = JSON_NULLABLE, .minimum = 2),
    FIELD(sample, part, JSON_OBJECT, 8, PRESENCE(part), .object = &part_object),
    FIELD(sample, parts, JSON_ARRAY, 9, .count_offset = offsetof(struct sample, parts_count),
          .maximum = 3, .object = &part_object),
    FIELD(sample, secret, JSON_STRING, 10, .flags = JSON_SECRET),
};
UNUSED static const struct json_object sample_object = {
    .name = "sample", .fields = sample_fields, .field_count = 11, .size = sizeof(struct sample)};

/* At least one field besides the required one. */
UNUSED static const struct json_object sample_change_object = {.name = "sample change",
                                                               .fields = sample_fields,
                                                               .field_count = 3,
                                                               .size = sizeof(struct sample),
                                                               .minimum_properties = 2};

struct number {
    int64_t value;
};
static const struct json_field number_fields[] = {
    FIELD(number, value, JSON_INTEGER, 0, .flags = JSON_REQUIRED, .minimum = -JSON_INTEGER_MAX),
};
UNUSED static const struct json_object number_object = {
    .name = "number", .fields = number_fields, .field_count = 1, .size = sizeof(struct number)};

struct line {
    const char *text;
};
static const struct json_field line_fields[] = {
    FIELD(line, text, JSON_STRING, 0, .flags = JSON_REQUIRED, .maximum = 255),
};
UNUSED static const struct json_object line_object = {
    .name = "line", .fields = line_fields, .field_count = 1, .size = sizeof(struct line)};

#pragma GCC diagnostic pop

static struct arena *arena;
static struct problem problem;

UNUSED static void setup(void)
{
    arena = arena_new();
    problem = (struct problem){.err = OK};
}

UNUSED static void teardown(void)
{
    arena_free(arena);
}

/* All errors as "field: message; field: message"; "" for none. */
UNUSED static const char *errors_text(void)
{
    struct buffer text;
    buffer_init(&text, arena);
    buffer_append_text(&text, "");
    for (const struct field_error *error = problem.errors; error != NULL; error = error->next) {
        buffer_append_text(&text, text.size == 0 ? "" : "; ");
        buffer_append_text(&text, error->field);
        buffer_append_text(&text, ": ");
        buffer_append_text(&text, error->message);
    }
    return text.data;
}

/* Decode a whole object; what came of it in one line. */
UNUSED static const char *decode(const struct json_object *object, const char *json, size_t size,
                                 void *ret)
{
    problem = (struct problem){.err = OK};
    memset(ret, 0, object->size);
    enum err err = json_decode(object, json, size, arena, &problem, ret);
    ck_assert_int_eq(err == OK, problem.errors == NULL);
    ck_assert_int_eq(err, problem.err);
    return errors_text();
}

#define expect_errors(object, json, expected)                                                      \
    do {                                                                                           \
        char value_[sizeof(struct sample)];                                                        \
        ck_assert_str_eq(decode(&(object), json, strlen(json), value_), expected);                 \
    } while (0)

/* What json_check says of a text. */
UNUSED static const char *check(const char *json, size_t size)
{
    problem = (struct problem){.err = OK};
    enum err err = json_check(json, size, arena, &problem);
    ck_assert_int_eq(err == OK, problem.errors == NULL);
    return errors_text();
}

UNUSED static const char *check_text(const char *json)
{
    return check(json, strlen(json));
}

UNUSED static const char *encode(const struct json_object *object, const void *value)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    json_encode(object, value, &buffer);
    ck_assert_uint_eq(strlen(buffer.data), buffer.size);
    return buffer.data;
}
