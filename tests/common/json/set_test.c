/* Input that comes in parts: path, query string, form, body. */

#include "tests/common/json/sample.h"

static struct sample sample;
static uint64_t seen;

static void setup_parts(void)
{
    setup();
    memset(&sample, 0, sizeof(sample));
    seen = 0;
}

static enum err set(const char *name, const char *text)
{
    const struct json_field *field = json_field_find(&sample_object, name, strlen(name));
    return json_set_text(field, text, strlen(text), arena, &problem, &seen, &sample);
}

static enum err complete(void)
{
    return json_complete(&sample_object, arena, &problem, seen, &sample);
}

START_TEST(reads_every_scalar_from_text)
{
    expect_ok(set("name", "Ann"));
    expect_ok(set("count", "-2"));
    expect_ok(set("is_open", "true"));
    expect_ok(set("colour", "red"));
    expect_ok(set("made_at", "1970-01-01T00:00:01Z"));
    expect_ok(complete());

    ck_assert_str_eq(sample.name, "Ann");
    ck_assert(sample.has_count && sample.count == -2);
    ck_assert(sample.has_is_open && sample.is_open);
    ck_assert_int_eq(sample.colour, COLOUR_RED);
    ck_assert(sample.has_made_at && sample.made_at == 1000000);
}
END_TEST

START_TEST(holds_text_to_the_same_limits)
{
    expect_err(ERR_INVALID_INPUT, set("name", "abcdef"));
    expect_err(ERR_INVALID_INPUT, set("email", "x"));
    expect_err(ERR_INVALID_INPUT, set("count", "101"));
    expect_err(ERR_INVALID_INPUT, set("colour", "blue"));

    ck_assert_str_eq(errors_text(), "name: must be at most 5 characters long; "
                                    "email: must be an e-mail address; "
                                    "count: must be an integer between -3 and 100; "
                                    "colour: must be one of: red, green");
}
END_TEST

START_TEST(takes_plain_decimals_only)
{
    static const char *const texts[] = {"",    " 1",  "1 ",  "+1", "01",
                                        "1.0", "1e1", "0x1", "-",  "one"};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        seen = 0;
        problem = (struct problem){.err = OK};
        expect_err(ERR_INVALID_INPUT, set("count", texts[i]));
        ck_assert_str_eq(errors_text(), "count: must be an integer");
    }
}
END_TEST

START_TEST(takes_true_and_false_only)
{
    expect_err(ERR_INVALID_INPUT, set("is_open", "1"));
    ck_assert_str_eq(errors_text(), "is_open: must be true or false");
}
END_TEST

START_TEST(refuses_text_that_is_not_utf8_or_holds_nul)
{
    const struct json_field *name = &sample_fields[0];

    expect_err(ERR_INVALID_INPUT, json_set_text(name, "a\0b", 3, arena, &problem, &seen, &sample));
    seen = 0;
    expect_err(ERR_INVALID_INPUT, json_set_text(name, "\xFF", 1, arena, &problem, &seen, &sample));

    ck_assert_str_eq(errors_text(), "name: must not contain the character U+0000; "
                                    "name: must be valid UTF-8");
}
END_TEST

START_TEST(refuses_a_field_that_comes_twice)
{
    expect_ok(set("name", "A"));
    expect_err(ERR_INVALID_INPUT, set("name", "A"));

    ck_assert_str_eq(errors_text(), "name: is repeated");
}
END_TEST

START_TEST(refuses_a_field_that_comes_from_two_places)
{
    const char *body = "{\"count\":1,\"name\":\"A\"}";

    expect_ok(set("name", "A"));
    expect_err(ERR_INVALID_INPUT, json_decode_part(&sample_object, body, strlen(body), arena,
                                                   &problem, &seen, &sample));

    ck_assert_str_eq(errors_text(), "name: is repeated");
}
END_TEST

START_TEST(joins_path_and_body)
{
    expect_ok(set("name", "A"));
    expect_ok(json_decode_part(&sample_object, "{\"is_open\":false}", 17, arena, &problem, &seen,
                               &sample));
    expect_ok(complete());

    ck_assert_str_eq(sample.name, "A");
    ck_assert(sample.has_is_open && !sample.is_open);
    ck_assert(sample.has_count && sample.count == 20);
}
END_TEST

START_TEST(reports_the_errors_of_all_parts_once)
{
    expect_err(ERR_INVALID_INPUT, set("count", "x"));
    expect_err(ERR_INVALID_INPUT,
               json_decode_part(&sample_object, "{\"x\":1}", 7, arena, &problem, &seen, &sample));
    expect_err(ERR_INVALID_INPUT, complete());

    ck_assert_str_eq(errors_text(), "count: must be an integer; x: is not a known field; "
                                    "name: is required");
}
END_TEST

START_TEST(does_not_miss_fields_in_a_broken_body)
{
    expect_err(ERR_INVALID_INPUT,
               json_decode_part(&sample_object, "{", 1, arena, &problem, &seen, &sample));
    expect_ok(complete());

    ck_assert_str_eq(errors_text(), "body: is not valid JSON (at byte 1)");
}
END_TEST

START_TEST(counts_the_fields_of_all_parts)
{
    expect_ok(set("name", "A"));
    expect_err(ERR_INVALID_INPUT,
               json_complete(&sample_change_object, arena, &problem, seen, &sample));

    ck_assert_str_eq(errors_text(), "body: must have at least one of: email, count");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup_parts, teardown);
    tcase_add_test(tests, reads_every_scalar_from_text);
    tcase_add_test(tests, holds_text_to_the_same_limits);
    tcase_add_test(tests, takes_plain_decimals_only);
    tcase_add_test(tests, takes_true_and_false_only);
    tcase_add_test(tests, refuses_text_that_is_not_utf8_or_holds_nul);
    tcase_add_test(tests, refuses_a_field_that_comes_twice);
    tcase_add_test(tests, refuses_a_field_that_comes_from_two_places);
    tcase_add_test(tests, joins_path_and_body);
    tcase_add_test(tests, reports_the_errors_of_all_parts_once);
    tcase_add_test(tests, does_not_miss_fields_in_a_broken_body);
    tcase_add_test(tests, counts_the_fields_of_all_parts);
}
CHECK_MAIN("json in parts", add_tests)
