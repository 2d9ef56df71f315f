/* From field=value to the body of a message. */

#include "input.h"

#include <string.h>
#include <unistd.h>

#include "contracts/posts_create.h"
#include "contracts/posts_list.h"
#include "contracts/posts_update.h"
#include "contracts/users_register.h"
#include "tests/cli/captured.h"
#include "tests/support/check_main.h"
#include "verb.h"

#define expect_said(part, text)                                                                    \
    ck_assert_msg(strstr(text, part) != NULL, "%s is not in: %s", part, text)

static struct arena *arena;
static struct buffer body;

static void setup(void)
{
    arena = arena_new();
    buffer_init(&body, arena);
    captured_begin();
}

static void teardown(void)
{
    arena_free(arena);
}

#define read_fields(contract, ...)                                                                 \
    input_from_fields(contract, (char *const[]){__VA_ARGS__},                                      \
                      sizeof((char *[]){__VA_ARGS__}) / sizeof(char *), &body)

START_TEST(makes_a_json_object_of_the_fields)
{
    ck_assert_int_eq(EXIT_DONE, read_fields(&posts_create_contract, "status=draft", "title=A = B",
                                            "content=say \"hi\""));

    ck_assert_str_eq(body.data,
                     "{\"title\":\"A = B\",\"content\":\"say \\\"hi\\\"\",\"status\":\"draft\"}");
}
END_TEST

START_TEST(types_fields_as_the_contract_says)
{
    ck_assert_int_eq(EXIT_DONE, read_fields(&posts_list_contract, "author=7", "cursor=8"));

    ck_assert_str_eq(body.data, "{\"author\":7,\"cursor\":\"8\",\"limit\":20}");
}
END_TEST

START_TEST(a_message_without_fields_is_an_empty_object)
{
    ck_assert_int_eq(EXIT_DONE, input_from_fields(&posts_list_contract, NULL, 0, &body));

    ck_assert_str_eq(body.data, "{\"limit\":20}");
}
END_TEST

START_TEST(prints_the_problem_a_service_would_answer_with)
{
    ck_assert_int_eq(EXIT_PROBLEM, read_fields(&posts_create_contract, "title= ", "status=lost"));

    const char *problem = captured_output();
    expect_said("\"code\":\"invalid_input\"", problem);
    expect_said("\"title\":[", problem);
    expect_said("\"status\":[", problem);
    expect_said("\"content\":[\"is required\"]", problem);
}
END_TEST

START_TEST(refuses_a_field_given_twice)
{
    ck_assert_int_eq(EXIT_PROBLEM, read_fields(&posts_list_contract, "limit=1", "limit=2"));

    expect_said("\"limit\":[", captured_output());
}
END_TEST

START_TEST(says_so_when_an_argument_is_no_field)
{
    ck_assert_int_eq(EXIT_USAGE, read_fields(&posts_list_contract, "limit"));

    expect_said("'limit' is not field=value", captured_errors());
}
END_TEST

START_TEST(says_so_when_the_message_has_no_such_field)
{
    ck_assert_int_eq(EXIT_USAGE, read_fields(&posts_list_contract, "colour=red"));

    expect_said("posts.list has no field 'colour'", captured_errors());
}
END_TEST

START_TEST(takes_a_text_from_a_file_as_it_is)
{
    char path[] = "/tmp/postroom-input-XXXXXX";
    int file = mkstemp(path);
    ck_assert_int_eq(write(file, "two\nlines\n", 10), 10);
    (void)close(file);
    char assignment[64];
    (void)snprintf(assignment, sizeof(assignment), "content=@%s", path);

    int status = read_fields(&posts_update_contract, "post_id=1", assignment);

    (void)unlink(path);
    ck_assert_int_eq(EXIT_DONE, status);
    ck_assert_str_eq(body.data, "{\"post_id\":1,\"content\":\"two\\nlines\\n\"}");
}
END_TEST

START_TEST(says_so_when_the_file_is_not_there)
{
    ck_assert_int_eq(EXIT_USAGE, read_fields(&posts_update_contract, "content=@/nowhere/at/all"));

    expect_said("/nowhere/at/all", captured_errors());
}
END_TEST

START_TEST(takes_a_text_from_standard_input)
{
    captured_feed("from a pipe\n", 12);

    ck_assert_int_eq(EXIT_DONE, read_fields(&posts_update_contract, "post_id=1", "content=-"));

    ck_assert_str_eq(body.data, "{\"post_id\":1,\"content\":\"from a pipe\\n\"}");
}
END_TEST

START_TEST(takes_a_secret_without_the_newline_for_each_field_that_asks)
{
    captured_feed("correct horse\n", 14);

    ck_assert_int_eq(EXIT_DONE, read_fields(&users_register_contract, "email=ann@example.com",
                                            "password1=-", "password2=-"));

    ck_assert_str_eq(body.data, "{\"email\":\"ann@example.com\",\"password1\":\"correct horse\","
                                "\"password2\":\"correct horse\"}");
}
END_TEST

START_TEST(takes_a_secret_from_the_arguments_as_it_is)
{
    ck_assert_int_eq(EXIT_DONE, read_fields(&users_register_contract, "email=ann@example.com",
                                            "password1=correct horse\n", "password2=x"));

    expect_said("\"password1\":\"correct horse\\n\"", body.data);
}
END_TEST

START_TEST(two_at_signs_begin_a_text_with_one)
{
    ck_assert_int_eq(EXIT_DONE, read_fields(&posts_update_contract, "post_id=1", "title=@@home"));

    ck_assert_str_eq(body.data, "{\"post_id\":1,\"title\":\"@home\"}");
}
END_TEST

START_TEST(refuses_a_text_with_a_nul)
{
    captured_feed("a\0b", 3);

    ck_assert_int_eq(EXIT_PROBLEM, read_fields(&posts_update_contract, "post_id=1", "content=-"));

    expect_said("\"content\":[", captured_output());
}
END_TEST

START_TEST(refuses_more_than_a_message_can_hold)
{
    size_t size = 1024 * 1024 + 1;
    char *text = arena_alloc(arena, size);
    memset(text, 'x', size);
    captured_feed(text, size);

    ck_assert_int_eq(EXIT_USAGE, read_fields(&posts_update_contract, "post_id=1", "content=-"));

    expect_said("standard input is larger than", captured_errors());
}
END_TEST

START_TEST(passes_a_whole_body_on_untouched)
{
    ck_assert_int_eq(EXIT_DONE, input_from_json("{ \"not\": checked", &body));

    ck_assert_str_eq(body.data, "{ \"not\": checked");
}
END_TEST

START_TEST(takes_a_whole_body_from_standard_input)
{
    captured_feed("{}", 2);

    ck_assert_int_eq(EXIT_DONE, input_from_json("-", &body));

    ck_assert_uint_eq(body.size, 2);
    ck_assert_mem_eq(body.data, "{}", 2);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, makes_a_json_object_of_the_fields);
    tcase_add_test(tests, types_fields_as_the_contract_says);
    tcase_add_test(tests, a_message_without_fields_is_an_empty_object);
    tcase_add_test(tests, prints_the_problem_a_service_would_answer_with);
    tcase_add_test(tests, refuses_a_field_given_twice);
    tcase_add_test(tests, says_so_when_an_argument_is_no_field);
    tcase_add_test(tests, says_so_when_the_message_has_no_such_field);
    tcase_add_test(tests, takes_a_text_from_a_file_as_it_is);
    tcase_add_test(tests, says_so_when_the_file_is_not_there);
    tcase_add_test(tests, takes_a_text_from_standard_input);
    tcase_add_test(tests, takes_a_secret_without_the_newline_for_each_field_that_asks);
    tcase_add_test(tests, takes_a_secret_from_the_arguments_as_it_is);
    tcase_add_test(tests, two_at_signs_begin_a_text_with_one);
    tcase_add_test(tests, refuses_a_text_with_a_nul);
    tcase_add_test(tests, refuses_more_than_a_message_can_hold);
    tcase_add_test(tests, passes_a_whole_body_on_untouched);
    tcase_add_test(tests, takes_a_whole_body_from_standard_input);
}
CHECK_MAIN("cli input", add_tests)
