/* Taking secrets out. */

#include "tests/common/json/sample.h"

static const char *redact(const char *json)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    buffer_append_char(&buffer, '>'); /* what is there already stays */
    json_redact(&sample_object, json, strlen(json), arena, &buffer);
    return buffer.data + 1;
}

START_TEST(removes_secrets_and_keeps_the_rest_as_it_is)
{
    ck_assert_str_eq(redact("{ \"name\" : \"A\\u0041\", \"secret\":\"s3cr3t\",\"count\": 1e2 }"),
                     "{\"name\":\"A\\u0041\",\"secret\":\"[removed]\",\"count\":1e2}");
    ck_assert_str_eq(redact("{}"), "{}");
}
END_TEST

START_TEST(removes_a_secret_of_any_type_under_any_spelling)
{
    ck_assert_str_eq(redact("{\"secret\":[\"s3cr3t\"]}"), "{\"secret\":\"[removed]\"}");
    ck_assert_str_eq(redact("{\"s\\u0065cret\":{\"a\":\"s3cr3t\"}}"), "{\"secret\":\"[removed]\"}");
    ck_assert_str_eq(redact("{\"secret\":null,\"name\":1}"),
                     "{\"secret\":\"[removed]\",\"name\":1}");
}
END_TEST

START_TEST(removes_what_may_be_a_secret_under_a_wrong_name)
{
    ck_assert_str_eq(redact("{\"name\":\"A\",\"s\\u0065cert\":{\"a\":\"s3cr3t\"}}"),
                     "{\"name\":\"A\",\"secert\":\"[removed]\"}");
    ck_assert_str_eq(redact("{\"\\\"\":1,\"name\":\"A\"}"),
                     "{\"\\\"\":\"[removed]\",\"name\":\"A\"}");
}
END_TEST

START_TEST(keeps_nothing_of_what_it_cannot_read)
{
    static const char *const texts[] = {
        "",
        "s3cr3t",
        "\"s3cr3t\"",
        "[\"s3cr3t\"]",
        "{\"secret\":\"s3cr3t\"",
        "{\"secret\":\"s3cr3t\"}}",
        "{\"secret\":\"a\",\"secret\":\"s3cr3t\"}",
        "{\"name\":\"s3cr3t\",\"name\":1}",
        "{\"name\":\"A\",\"part\":{\"x\":1,\"x\":2}}",
    };
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        ck_assert_str_eq(redact(texts[i]), "null");
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, removes_secrets_and_keeps_the_rest_as_it_is);
    tcase_add_test(tests, removes_a_secret_of_any_type_under_any_spelling);
    tcase_add_test(tests, removes_what_may_be_a_secret_under_a_wrong_name);
    tcase_add_test(tests, keeps_nothing_of_what_it_cannot_read);
}
CHECK_MAIN("json redact", add_tests)
