/* Objects: which fields, of which kind, how often. */

#include "tests/common/json/sample.h"

START_TEST(reads_every_kind_of_field)
{
    const char *json =
        "{\"name\":\"Ann\",\"email\":\"ann@example.org\",\"count\":-3,\"is_open\":true,"
        "\"colour\":\"green\",\"made_at\":\"2024-01-31T12:00:00.25Z\","
        "\"token\":\"0190163d-8694-739b-aea5-966c26f8ad91\",\"note\":null,"
        "\"part\":{\"id\":1,\"label\":\"a\"},"
        "\"parts\":[{\"id\":2,\"label\":\"b\"},{\"id\":3,\"label\":\"\"}],"
        "\"secret\":\"s\"}";
    struct sample sample;

    ck_assert_str_eq(decode(&sample_object, json, strlen(json), &sample), "");

    ck_assert_str_eq(sample.name, "Ann");
    ck_assert_str_eq(sample.email, "ann@example.org");
    ck_assert(sample.has_count && sample.count == -3);
    ck_assert(sample.has_is_open && sample.is_open);
    ck_assert_int_eq(sample.colour, COLOUR_GREEN);
    ck_assert(sample.has_made_at);
    ck_assert_int_eq(sample.made_at, INT64_C(1706702400250000));
    ck_assert_str_eq(sample.token, "0190163d-8694-739b-aea5-966c26f8ad91");
    ck_assert_ptr_null(sample.note);
    ck_assert(sample.has_part);
    ck_assert_int_eq(sample.part.id, 1);
    ck_assert_str_eq(sample.part.label, "a");
    ck_assert_uint_eq(sample.parts_count, 2);
    ck_assert_int_eq(sample.parts[1].id, 3);
    ck_assert_str_eq(sample.parts[1].label, "");
}
END_TEST

START_TEST(takes_fields_in_any_order_and_with_white_space)
{
    const char *json = " \t\r\n{ \"is_open\" : false , \"name\" : \"Ann\" } \n";
    struct sample sample;

    ck_assert_str_eq(decode(&sample_object, json, strlen(json), &sample), "");

    ck_assert(sample.has_is_open && !sample.is_open);
    ck_assert_str_eq(sample.name, "Ann");
}
END_TEST

START_TEST(leaves_what_is_absent_alone_and_fills_in_defaults)
{
    struct sample sample;

    ck_assert_str_eq(decode(&sample_object, "{\"name\":\"A\"}", 12, &sample), "");

    ck_assert_ptr_null(sample.email);
    ck_assert(!sample.has_is_open);
    ck_assert_int_eq(sample.colour, 0);
    ck_assert(!sample.has_part);
    ck_assert_ptr_null(sample.parts);
    ck_assert(sample.has_count && sample.count == 20);
}
END_TEST

START_TEST(tells_an_empty_array_from_none)
{
    const char *json = "{\"name\":\"A\",\"parts\":[]}";
    struct sample sample;

    ck_assert_str_eq(decode(&sample_object, json, strlen(json), &sample), "");

    ck_assert_ptr_nonnull(sample.parts);
    ck_assert_uint_eq(sample.parts_count, 0);
}
END_TEST

START_TEST(misses_required_fields)
{
    expect_errors(sample_object, "{}", "name: is required");
    expect_errors(sample_object, "{\"name\":\"A\",\"part\":{\"label\":\"x\"}}",
                  "part.id: is required");
}
END_TEST

START_TEST(refuses_unknown_fields_whatever_is_in_them)
{
    expect_errors(sample_object, "{\"name\":\"A\",\"nmae\":{\"a\":[1,{}]}}",
                  "nmae: is not a known field");
    expect_errors(sample_object, "{\"name\":\"A\",\"part\":{\"id\":1,\"label\":\"\",\"x\":1}}",
                  "part.x: is not a known field");
    expect_errors(sample_object, "{\"name\":\"A\",\"Name\":1,\"\":2}",
                  "Name: is not a known field; : is not a known field");
}
END_TEST

START_TEST(refuses_repeated_fields_even_when_they_are_written_differently)
{
    expect_errors(sample_object, "{\"name\":\"A\",\"name\":\"A\"}", "name: is repeated");
    expect_errors(sample_object, "{\"name\":\"A\",\"n\\u0061me\":\"B\",\"name\":3}",
                  "name: is repeated");
    expect_errors(sample_object, "{\"name\":\"A\",\"part\":{\"id\":1,\"id\":2,\"label\":\"\"}}",
                  "part.id: is repeated");
}
END_TEST

START_TEST(says_which_type_a_field_must_have)
{
    expect_errors(sample_object, "{\"name\":1}", "name: must be a string");
    expect_errors(sample_object, "{\"name\":null}", "name: must be a string");
    expect_errors(sample_object, "{\"name\":\"A\",\"count\":\"1\"}", "count: must be an integer");
    expect_errors(sample_object, "{\"name\":\"A\",\"is_open\":0}",
                  "is_open: must be true or false");
    expect_errors(sample_object, "{\"name\":\"A\",\"colour\":\"blue\"}",
                  "colour: must be one of: red, green");
    expect_errors(sample_object, "{\"name\":\"A\",\"colour\":1}",
                  "colour: must be one of: red, green");
    expect_errors(sample_object, "{\"name\":\"A\",\"colour\":\"red\\u0000\"}",
                  "colour: must not contain the character U+0000");
    expect_errors(sample_object, "{\"name\":\"A\",\"made_at\":\"today\"}",
                  "made_at: must be a date and time such as 2024-01-31T12:00:00Z");
    expect_errors(sample_object, "{\"name\":\"A\",\"part\":[]}", "part: must be an object");
    expect_errors(sample_object, "{\"name\":\"A\",\"parts\":{}}", "parts: must be an array");
    expect_errors(sample_object, "{\"name\":\"A\",\"parts\":[1]}", "parts[0]: must be an object");
    expect_errors(sample_object, "[]", "body: must be a JSON object");
    expect_errors(sample_object, "null", "body: must be a JSON object");
}
END_TEST

START_TEST(reports_all_that_is_wrong_at_once)
{
    expect_errors(sample_object, "{\"email\":\"x\",\"count\":101,\"x\":1}",
                  "email: must be an e-mail address; "
                  "count: must be an integer between -3 and 100; "
                  "x: is not a known field; name: is required");
}
END_TEST

START_TEST(says_where_in_an_array_the_error_is)
{
    expect_errors(
        sample_object,
        "{\"name\":\"A\",\"parts\":[{\"id\":1,\"label\":\"\"},{\"id\":0,\"label\":\"\"}]}",
        "parts[1].id: must be an integer between 1 and 9007199254740991");
}
END_TEST

START_TEST(counts_the_elements_of_an_array)
{
    expect_errors(sample_object,
                  "{\"name\":\"A\",\"parts\":[{\"id\":1,\"label\":\"\"},{\"id\":1,\"label\":\"\"},"
                  "{\"id\":1,\"label\":\"\"}]}",
                  "");
    expect_errors(sample_object,
                  "{\"name\":\"A\",\"parts\":[{\"id\":1,\"label\":\"\"},{\"id\":1,\"label\":\"\"},"
                  "{\"id\":1,\"label\":\"\"},{\"id\":1,\"label\":\"\"}]}",
                  "parts: must have at most 3 elements");
}
END_TEST

START_TEST(asks_for_the_least_number_of_fields)
{
    expect_errors(sample_change_object, "{\"name\":\"A\"}",
                  "body: must have at least one of: email, count");
    expect_errors(sample_change_object, "{\"name\":\"A\",\"count\":1}", "");
    expect_errors(sample_change_object, "{}", "name: is required");
}
END_TEST

START_TEST(does_not_guess_what_is_missing_from_a_broken_text)
{
    expect_errors(sample_object, "{\"count\":1", "body: is not valid JSON (at byte 10)");
    expect_errors(sample_object, "", "body: is not valid JSON (at byte 0)");
    expect_errors(sample_object, "{\"name\":\"A\"} x", "body: is not valid JSON (at byte 13)");
    expect_errors(sample_object, "{\"name\":tru}", "body: is not valid JSON (at byte 8)");
    expect_errors(sample_object, "{\"name\":}", "body: is not valid JSON (at byte 8)");
}
END_TEST

START_TEST(caps_the_number_of_errors_and_the_length_of_names)
{
    struct buffer json;
    buffer_init(&json, arena);
    buffer_append_text(&json, "{\"name\":\"A\"");
    for (int i = 0; i < 60; i++) {
        buffer_printf(&json, ",\"%02d%0300d\":1", i, 0);
    }
    buffer_append_char(&json, '}');
    struct sample sample;

    (void)decode(&sample_object, json.data, json.size, &sample);

    size_t count = 0;
    for (const struct field_error *error = problem.errors; error != NULL; error = error->next) {
        ck_assert_uint_lt(strlen(error->field), 140);
        count++;
    }
    ck_assert_uint_eq(count, 50);
}
END_TEST

START_TEST(keeps_a_raw_object_as_it_stands)
{
    static const struct json_field fields[] = {
        {.name = "raw",
         .name_size = 3,
         .kind = JSON_RAW,
         .flags = JSON_NULLABLE,
         .presence_offset = JSON_NO_PRESENCE},
    };
    static const struct json_object object = {
        .name = "raw", .fields = fields, .field_count = 1, .size = sizeof(struct json_slice)};
    struct json_slice raw = {0};

    ck_assert_str_eq(decode(&object, "{\"raw\": {\"a\": [1]} }", 20, &raw), "");
    ck_assert_uint_eq(raw.size, 10);
    ck_assert_mem_eq(raw.data, "{\"a\": [1]}", 10);

    ck_assert_str_eq(decode(&object, "{\"raw\":[1]}", 11, &raw), "raw: must be an object");
}
END_TEST

START_TEST(cuts_long_names_between_characters)
{
    struct buffer json;
    buffer_init(&json, arena);
    buffer_append_text(&json, "{\"name\":\"A\",\"x");
    for (int i = 0; i < 200; i++) {
        buffer_append_text(&json, "ж");
    }
    buffer_append_text(&json, "\":1}");
    struct sample sample;

    (void)decode(&sample_object, json.data, json.size, &sample);

    size_t size = strlen(problem.errors->field);
    ck_assert_uint_eq(size, 1 + 2 * 63 + strlen("…"));
    ck_assert_str_eq(problem.errors->field + size - 5, "ж…");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, reads_every_kind_of_field);
    tcase_add_test(tests, takes_fields_in_any_order_and_with_white_space);
    tcase_add_test(tests, leaves_what_is_absent_alone_and_fills_in_defaults);
    tcase_add_test(tests, tells_an_empty_array_from_none);
    tcase_add_test(tests, misses_required_fields);
    tcase_add_test(tests, refuses_unknown_fields_whatever_is_in_them);
    tcase_add_test(tests, refuses_repeated_fields_even_when_they_are_written_differently);
    tcase_add_test(tests, says_which_type_a_field_must_have);
    tcase_add_test(tests, reports_all_that_is_wrong_at_once);
    tcase_add_test(tests, says_where_in_an_array_the_error_is);
    tcase_add_test(tests, counts_the_elements_of_an_array);
    tcase_add_test(tests, asks_for_the_least_number_of_fields);
    tcase_add_test(tests, does_not_guess_what_is_missing_from_a_broken_text);
    tcase_add_test(tests, caps_the_number_of_errors_and_the_length_of_names);
    tcase_add_test(tests, keeps_a_raw_object_as_it_stands);
    tcase_add_test(tests, cuts_long_names_between_characters);
}
CHECK_MAIN("json decode", add_tests)
