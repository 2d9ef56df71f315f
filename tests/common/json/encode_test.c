/* Structs to JSON. */

#include "tests/common/json/sample.h"

START_TEST(writes_every_kind_of_field_in_the_contracts_order)
{
    struct part parts[] = {{2, "b"}, {3, ""}};
    struct sample sample = {
        .name = "Ann",
        .email = "ann@example.org",
        .has_count = true,
        .count = -3,
        .has_is_open = true,
        .is_open = false,
        .colour = COLOUR_GREEN,
        .has_made_at = true,
        .made_at = INT64_C(1706702400250000),
        .note = "n",
        .has_part = true,
        .part = {JSON_INTEGER_MAX, "a"},
        .parts = parts,
        .parts_count = 2,
    };

    ck_assert_str_eq(
        encode(&sample_object, &sample),
        "{\"name\":\"Ann\",\"email\":\"ann@example.org\",\"count\":-3,\"is_open\":false,"
        "\"colour\":\"green\",\"made_at\":\"2024-01-31T12:00:00.250000Z\",\"note\":\"n\","
        "\"part\":{\"id\":9007199254740991,\"label\":\"a\"},"
        "\"parts\":[{\"id\":2,\"label\":\"b\"},{\"id\":3,\"label\":\"\"}]}");
}
END_TEST

START_TEST(leaves_out_what_is_absent)
{
    struct sample sample = {.name = "A"};

    ck_assert_str_eq(encode(&sample_object, &sample), "{\"name\":\"A\"}");
}
END_TEST

START_TEST(writes_null_for_what_is_required_and_absent)
{
    static const struct json_field fields[] = {
        {.name = "next",
         .name_size = 4,
         .kind = JSON_STRING,
         .flags = JSON_REQUIRED | JSON_NULLABLE,
         .presence_offset = JSON_NO_PRESENCE},
    };
    static const struct json_object object = {
        .name = "page", .fields = fields, .field_count = 1, .size = sizeof(struct line)};
    struct line line = {.text = NULL};

    ck_assert_str_eq(encode(&object, &line), "{\"next\":null}");
}
END_TEST

START_TEST(passes_a_raw_value_through_and_writes_null_without)
{
    static const struct json_field fields[] = {
        {.name = "is",
         .name_size = 2,
         .kind = JSON_RAW,
         .flags = JSON_REQUIRED | JSON_NULLABLE,
         .presence_offset = JSON_NO_PRESENCE},
        {.name = "is_not",
         .name_size = 6,
         .kind = JSON_RAW,
         .index = 1,
         .flags = JSON_REQUIRED | JSON_NULLABLE,
         .offset = sizeof(struct json_slice),
         .presence_offset = JSON_NO_PRESENCE},
    };
    static const struct json_object object = {
        .name = "raw", .fields = fields, .field_count = 2, .size = 2 * sizeof(struct json_slice)};
    struct json_slice values[2] = {{"{\"a\": [1]}, and more", 10}};

    ck_assert_str_eq(encode(&object, values), "{\"is\":{\"a\": [1]},\"is_not\":null}");
}
END_TEST

START_TEST(writes_an_object_without_fields)
{
    static const struct json_object object = {.name = "nothing", .size = 1};

    ck_assert_str_eq(encode(&object, ""), "{}");
}
END_TEST

START_TEST(escapes_what_must_be_escaped)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);

    json_encode_text("\"\\/\b\f\n\r\t\x01\x1F\x7Fé😀\0z", 19, &buffer);

    ck_assert_str_eq(buffer.data, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7Fé😀\\u0000z\"");
}
END_TEST

START_TEST(gives_back_a_special_character_at_any_place)
{
    static const char *const specials[] = {"\"", "\\", "\n", "\x1F", "\x7F", "é", "😀", "\xC2\x80"};
    for (size_t i = 0; i < ARRAY_COUNT(specials) * 24; i++) {
        const char *special = specials[i / 24];
        int before = (int)(i % 24);
        struct line line = {
            .text = arena_printf(arena, "%.*s%s%s", before, "!!!!!!!!!!!!!!!!!!!!!!!!", special,
                                 "0123456789abcdef"),
        };
        const char *json = encode(&line_object, &line);
        struct line again;

        ck_assert_str_eq(decode(&line_object, json, strlen(json), &again), "");

        ck_assert_str_eq(again.text, line.text);
    }
}
END_TEST

START_TEST(writes_an_array_of_structs)
{
    struct number numbers[] = {{0}, {-JSON_INTEGER_MAX}, {INT64_MIN}};
    struct buffer buffer;
    buffer_init(&buffer, arena);

    json_encode_array(&number_object, numbers, 3, &buffer);

    ck_assert_str_eq(
        buffer.data,
        "[{\"value\":0},{\"value\":-9007199254740991},{\"value\":-9223372036854775808}]");
}
END_TEST

START_TEST(gives_back_what_was_read)
{
    const char *json = "{\"name\":\"é\\u0001\",\"count\":20,\"colour\":\"red\","
                       "\"made_at\":\"0001-01-01T00:00:00.000000Z\",\"parts\":[]}";
    struct sample sample;

    ck_assert_str_eq(decode(&sample_object, json, strlen(json), &sample), "");

    ck_assert_str_eq(encode(&sample_object, &sample), json);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, writes_every_kind_of_field_in_the_contracts_order);
    tcase_add_test(tests, leaves_out_what_is_absent);
    tcase_add_test(tests, writes_null_for_what_is_required_and_absent);
    tcase_add_test(tests, passes_a_raw_value_through_and_writes_null_without);
    tcase_add_test(tests, writes_an_object_without_fields);
    tcase_add_test(tests, escapes_what_must_be_escaped);
    tcase_add_test(tests, gives_back_a_special_character_at_any_place);
    tcase_add_test(tests, writes_an_array_of_structs);
    tcase_add_test(tests, gives_back_what_was_read);
}
CHECK_MAIN("json encode", add_tests)
