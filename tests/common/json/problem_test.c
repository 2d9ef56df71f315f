/* Problems on the wire. */

#include "tests/common/json/sample.h"

static const char *encode_problem(void)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    problem_encode(&problem, &buffer);
    expect_ok(json_check(buffer.data, buffer.size, arena, NULL));
    return buffer.data;
}

START_TEST(is_an_rfc_9457_object)
{
    problem.err = ERR_NOT_FOUND;
    problem.detail = "no post \"7\"";

    ck_assert_str_eq(encode_problem(),
                     "{\"type\":\"urn:postroom:problem:not_found\",\"title\":\"Not found\","
                     "\"status\":404,\"detail\":\"no post \\\"7\\\"\",\"code\":\"not_found\"}");
}
END_TEST

START_TEST(says_its_title_when_there_is_no_detail)
{
    problem.err = ERR_INTERNAL;

    ck_assert_str_eq(encode_problem(),
                     "{\"type\":\"urn:postroom:problem:internal\",\"title\":\"Internal error\","
                     "\"status\":500,\"detail\":\"Internal error\",\"code\":\"internal\"}");
}
END_TEST

START_TEST(translates_its_detail_and_not_its_title)
{
    problem.err = ERR_INTERNAL;
    problem.language = LANGUAGE_FR;

    ck_assert_str_eq(encode_problem(),
                     "{\"type\":\"urn:postroom:problem:internal\",\"title\":\"Internal error\","
                     "\"status\":500,\"detail\":\"Erreur interne\",\"code\":\"internal\"}");
}
END_TEST

START_TEST(translates_what_is_wrong_with_fields)
{
    static const char input[] = "{\"limit\":10000000,\"nonsense\":1}";
    struct sample *sample = arena_alloc(arena, sizeof(*sample));
    problem.language = LANGUAGE_DE;

    expect_err(ERR_INVALID_INPUT,
               json_decode(&sample_object, input, strlen(input), arena, &problem, sample));

    ck_assert_str_eq(problem.errors->message, "ist kein bekanntes Feld");
}
END_TEST

START_TEST(gathers_the_messages_of_a_field)
{
    problem_add(&problem, arena, "title", "is %s", "wrong");
    problem_add(&problem, arena, "body", "is odd");
    problem_add(&problem, arena, "title", "is long");

    const char *errors = strstr(encode_problem(), "\"errors\":");

    ck_assert_str_eq(errors,
                     "\"errors\":{\"title\":[\"is wrong\",\"is long\"],\"body\":[\"is odd\"]}}");
    expect_err(ERR_INVALID_INPUT, problem.err);
}
END_TEST

START_TEST(says_the_same_thing_once)
{
    problem_add(&problem, arena, "title", "is wrong");
    problem_add(&problem, arena, "title", "is wrong");

    ck_assert_str_eq(errors_text(), "title: is wrong");
}
END_TEST

START_TEST(is_utf8_whatever_names_came_in)
{
    problem_add(&problem, arena, "a\xFF\"", "is not a known field");

    ck_assert_ptr_nonnull(
        strstr(encode_problem(), "\"errors\":{\"a\xEF\xBF\xBD\\\"\":[\"is not a known field\"]}"));
}
END_TEST

START_TEST(reads_its_own_code_back)
{
    for (enum err err = OK + 1; err < ERR_COUNT; err++) {
        problem = (struct problem){.err = err};
        const char *body = encode_problem();
        expect_err(err, problem_code_of(body, strlen(body)));
    }
}
END_TEST

START_TEST(reads_no_code_from_what_is_none_of_ours)
{
    const char *long_code = arena_printf(arena, "{\"code\":\"%0200d\"}", 0);
    const char *const bodies[] = {
        "",       "[]", "{}", "{\"code\":1}", "{\"code\":\"x\"}", "{\"code\":\"\"}", "{\"code\":\"",
        long_code};
    for (size_t i = 0; i < ARRAY_COUNT(bodies); i++) {
        expect_err(OK, problem_code_of(bodies[i], strlen(bodies[i])));
    }
}
END_TEST

START_TEST(reads_back_what_it_has_written)
{
    problem_add(&problem, arena, "title", "must not be empty");
    problem_add(&problem, arena, "a\"b", "is \\ wrong");
    problem_add(&problem, arena, "title", "is bad");
    problem.detail = "line\nline";
    const char *body = encode_problem();
    struct problem read;

    expect_ok(problem_decode(body, strlen(body), arena, &read));

    problem = read;
    ck_assert_str_eq(encode_problem(), body);
}
END_TEST

START_TEST(reads_nothing_from_what_is_no_problem)
{
    static const char *const bodies[] = {
        "",
        "[]",
        "{}",
        "{\"code\":\"x\"}",
        "{\"code\":\"not_found\",\"detail\":1}",
        "{\"code\":\"not_found\",\"errors\":[]}",
        "{\"code\":\"not_found\",\"errors\":{\"a\":\"b\"}}",
        "{\"code\":\"not_found\",\"errors\":{\"a\":[1]}}",
        "{\"code\":\"not_found\",\"errors\":{\"a\":[\"b\"",
        "{\"code\":\"not_found\"",
    };
    struct problem read = {.detail = "untouched"};
    for (size_t i = 0; i < ARRAY_COUNT(bodies); i++) {
        expect_err(ERR_INTERNAL, problem_decode(bodies[i], strlen(bodies[i]), arena, &read));
    }
    ck_assert_str_eq(read.detail, "untouched");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, is_an_rfc_9457_object);
    tcase_add_test(tests, says_its_title_when_there_is_no_detail);
    tcase_add_test(tests, translates_its_detail_and_not_its_title);
    tcase_add_test(tests, translates_what_is_wrong_with_fields);
    tcase_add_test(tests, gathers_the_messages_of_a_field);
    tcase_add_test(tests, says_the_same_thing_once);
    tcase_add_test(tests, is_utf8_whatever_names_came_in);
    tcase_add_test(tests, reads_its_own_code_back);
    tcase_add_test(tests, reads_no_code_from_what_is_none_of_ours);
    tcase_add_test(tests, reads_back_what_it_has_written);
    tcase_add_test(tests, reads_nothing_from_what_is_no_problem);
}
CHECK_MAIN("problem", add_tests)
