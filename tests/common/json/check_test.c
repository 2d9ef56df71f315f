/* json_check: one whole, valid JSON text under all the limits. */

#include "tests/common/json/sample.h"

#include "common/core/clock.h"

START_TEST(passes_every_kind_of_value)
{
    static const char *const texts[] = {"{}",
                                        "[]",
                                        "\"\"",
                                        "0",
                                        "true",
                                        "false",
                                        "null",
                                        " [ 1 , {\"a\" : [ ] } ] ",
                                        "{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}]}"};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        ck_assert_str_eq(check(texts[i], strlen(texts[i])), "");
    }
}
END_TEST

START_TEST(refuses_what_is_not_json)
{
    static const char *const texts[] = {"",
                                        " ",
                                        "{",
                                        "[",
                                        "]",
                                        "{}}",
                                        "[1,]",
                                        "{\"a\":1,}",
                                        "[,1]",
                                        "[1 2]",
                                        "{\"a\"}",
                                        "{a:1}",
                                        "{'a':1}",
                                        "{\"a\" 1}",
                                        "tru",
                                        "nul",
                                        "True",
                                        "/**/1",
                                        "1 1",
                                        "[1}",
                                        "{]",
                                        "\"a",
                                        "{\"a\":1]",
                                        "{,}",
                                        "{1:2}",
                                        "\f1",
                                        "nullx",
                                        "[\"a\"",
                                        "\xEF\xBB\xBF{}",
                                        "{\"a\":}",
                                        "\"\\a\"",
                                        "\xA0{}"};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        const char *errors = check(texts[i], strlen(texts[i]));
        ck_assert_msg(strstr(errors, "body: is not valid JSON") == errors, "%s: %s", texts[i],
                      errors);
    }
    ck_assert_str_eq(check("{}\0", 3), "body: is not valid JSON (at byte 2)");
}
END_TEST

/* `depth` brackets, opened and closed */
static const char *check_depth(size_t depth)
{
    char *text = arena_alloc_raw(arena, 2 * depth);
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return check(text, 2 * depth);
}

START_TEST(bounds_the_depth)
{
    ck_assert_str_eq(check_depth(JSON_DEPTH_MAX), "");
    ck_assert_str_eq(check_depth(JSON_DEPTH_MAX + 1), "body: is nested more than 32 levels deep");
    ck_assert_str_eq(check_depth(500000), "body: is nested more than 32 levels deep");
    expect_errors(sample_object, "{\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]",
                  "body: is nested more than 32 levels deep");
}
END_TEST

START_TEST(finds_repeated_names_at_any_depth)
{
    ck_assert_str_eq(check_text("{\"a\":1,\"b\":2,\"a\":3}"), "a: is repeated");
    ck_assert_str_eq(check_text("[[{\"a\":1,\"\\u0061\":3}]]"), "a: is repeated");
    ck_assert_str_eq(check_text("{\"a\":{\"b\":{\"c\":1,\"c\":1}},\"b\":1}"), "c: is repeated");
    ck_assert_str_eq(check_text("{\"a\":1,\"aa\":2,\"\":3,\"b\":{\"a\":1}}"), "");
    ck_assert_str_eq(check_text("{\"\":1,\"\":1}"), ": is repeated");
}
END_TEST

START_TEST(refuses_nul_and_lone_surrogates_anywhere)
{
    ck_assert_str_eq(check_text("[\"\\u0000\"]"), "body: must not contain the character U+0000");
    ck_assert_str_eq(check_text("{\"\\u0000\":1}"), "body: must not contain the character U+0000");
    ck_assert_str_eq(check_text("{\"a\":\"\\ud800\"}"), "body: must not contain a lone surrogate");
}
END_TEST

START_TEST(needs_no_problem_to_answer)
{
    expect_err(ERR_INVALID_INPUT, json_check("[", 1, arena, NULL));
    expect_err(ERR_INVALID_INPUT, json_check("{\"a\":1,\"a\":1}", 13, arena, NULL));
    expect_ok(json_check("[]", 2, arena, NULL));
}
END_TEST

START_TEST(takes_its_time_for_a_hundred_thousand_names)
{
    struct buffer json;
    buffer_init(&json, arena);
    buffer_append_char(&json, '{');
    for (int i = 0; i < 100000; i++) {
        buffer_printf(&json, "%s\"%07d\":1", i == 0 ? "" : ",", i * 7919 % 100003);
    }
    buffer_append_char(&json, '}');
    int64_t start_ms = clock_monotonic_ms();

    ck_assert_str_eq(check(json.data, json.size), "");

    /* quadratic work would be minutes */
    ck_assert_int_lt(clock_monotonic_ms() - start_ms, 5000);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, passes_every_kind_of_value);
    tcase_add_test(tests, refuses_what_is_not_json);
    tcase_add_test(tests, bounds_the_depth);
    tcase_add_test(tests, finds_repeated_names_at_any_depth);
    tcase_add_test(tests, refuses_nul_and_lone_surrogates_anywhere);
    tcase_add_test(tests, needs_no_problem_to_answer);
    tcase_add_test(tests, takes_its_time_for_a_hundred_thousand_names);
}
CHECK_MAIN("json check", add_tests)
