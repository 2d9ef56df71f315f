/* Bodies of dead letters: made whole again, edited, and never with a secret where it is kept. */

#include "dead_body.h"

#include <string.h>

#include "contracts/posts_update.h"
#include "contracts/users_register.h"
#include "input.h"
#include "tests/cli/captured.h"
#include "tests/support/check_main.h"
#include "verb.h"

#define expect_said(part, text)                                                                    \
    ck_assert_msg(strstr(text, part) != NULL, "%s is not in: %s", part, text)
#define fill(contract, ...)                                                                        \
    dead_body_fill(&letter, contract, (char *[]){__VA_ARGS__},                                     \
                   sizeof((char *[]){__VA_ARGS__}) / sizeof(char *), &body)
#define assign(contract, ...)                                                                      \
    dead_body_assign(&letter, contract, (char *[]){__VA_ARGS__},                                   \
                     sizeof((char *[]){__VA_ARGS__}) / sizeof(char *), &body)

#define REGISTRATION                                                                               \
    "{\"email\":\"ann@example.com\",\"password1\":\"[removed]\",\"password2\":\"[removed]\"}"

static struct arena *arena;
static struct buffer body;
static struct dead_letter letter;

static void setup(void)
{
    arena = arena_new();
    buffer_init(&body, arena);
    letter = (struct dead_letter){.id = 7, .message = "users.register", .body = REGISTRATION};
    captured_begin();
}

static void teardown(void)
{
    arena_free(arena);
}

static int replace(const struct contract *contract, const char *json)
{
    struct buffer text;
    buffer_init(&text, arena);
    buffer_append_text(&text, json);
    return dead_body_replace(&letter, contract, &text, &body);
}

START_TEST(finds_the_contract_of_a_command)
{
    ck_assert_ptr_eq(dead_body_contract(&letter), &users_register_contract);
}
END_TEST

START_TEST(says_so_when_it_is_no_command_of_ours)
{
    letter.message = "posts.list";

    ck_assert_ptr_null(dead_body_contract(&letter));

    expect_said("dead letter 7: 'posts.list' is no command of ours: drop it", captured_errors());
}
END_TEST

START_TEST(sends_a_body_without_secrets_as_it_was)
{
    letter.body = "{\"post_id\":1,\"title\":\"Hello\"}";

    ck_assert_int_eq(EXIT_DONE, dead_body_fill(&letter, &posts_update_contract, NULL, 0, &body));

    ck_assert_str_eq(body.data, letter.body);
}
END_TEST

START_TEST(puts_secrets_into_what_is_sent)
{
    ck_assert_int_eq(EXIT_DONE,
                     fill(&users_register_contract, "password1=one horse", "password2=two horses"));

    ck_assert_str_eq(
        body.data,
        "{\"email\":\"ann@example.com\",\"password1\":\"one horse\",\"password2\":\"two horses\"}");
}
END_TEST

START_TEST(names_all_secrets_that_are_missing_in_one_line)
{
    ck_assert_int_eq(EXIT_PROBLEM,
                     dead_body_fill(&letter, &users_register_contract, NULL, 0, &body));

    expect_said("password1=… password2=…\n", captured_errors());
    ck_assert_ptr_eq(strchr(captured_errors(), '\n') + 1, strchr(captured_errors(), '\0'));
}
END_TEST

START_TEST(names_the_one_secret_that_is_missing)
{
    ck_assert_int_eq(EXIT_PROBLEM, fill(&users_register_contract, "password1=one"));

    expect_said("alone: password2=…", captured_errors());
}
END_TEST

START_TEST(takes_nothing_but_secrets_for_a_retry)
{
    ck_assert_int_eq(EXIT_USAGE, fill(&users_register_contract, "email=eve@example.com"));

    expect_said("email is not secret", captured_errors());
}
END_TEST

START_TEST(does_not_send_what_the_contract_refuses)
{
    letter.body = "{\"post_id\":\"one\",\"title\":\"Hello\"}";

    ck_assert_int_eq(EXIT_PROBLEM, dead_body_fill(&letter, &posts_update_contract, NULL, 0, &body));

    expect_said("dead letter 7: post_id ", captured_errors());
    expect_said("edit or drop it", captured_errors());
}
END_TEST

START_TEST(does_not_send_fields_that_it_does_not_know)
{
    letter.body = "{\"post_id\":1,\"title\":\"Hello\",\"colour\":\"[removed]\"}";

    ck_assert_int_eq(EXIT_PROBLEM, dead_body_fill(&letter, &posts_update_contract, NULL, 0, &body));

    expect_said("colour", captured_errors());
}
END_TEST

START_TEST(does_not_send_what_could_not_be_read)
{
    letter.body = "null";

    ck_assert_int_eq(EXIT_PROBLEM, dead_body_fill(&letter, &posts_update_contract, NULL, 0, &body));

    expect_said("its body could not be read", captured_errors());
}
END_TEST

START_TEST(changes_some_fields_and_keeps_the_rest)
{
    letter.body = "{\"post_id\":1,\"title\":\"Hello\"}";

    ck_assert_int_eq(EXIT_DONE, assign(&posts_update_contract, "post_id=2"));

    ck_assert_str_eq(body.data, "{\"post_id\":2,\"title\":\"Hello\"}");
}
END_TEST

START_TEST(a_changed_body_has_no_field_that_is_not_known)
{
    letter.body = "{\"post_id\":1,\"title\":\"Hello\",\"colour\":\"[removed]\"}";

    ck_assert_int_eq(EXIT_DONE, assign(&posts_update_contract, "title=Bye"));

    ck_assert_str_eq(body.data, "{\"post_id\":1,\"title\":\"Bye\"}");
}
END_TEST

START_TEST(a_changed_body_is_held_against_the_contract_as_a_whole)
{
    letter.body = "{\"post_id\":0,\"title\":\"\"}";

    ck_assert_int_eq(EXIT_PROBLEM, assign(&posts_update_contract, "post_id=1"));

    expect_said("\"title\":[", captured_output());
    ck_assert_ptr_null(strstr(captured_output(), "post_id"));
}
END_TEST

START_TEST(makes_a_body_where_none_could_be_read)
{
    letter.body = "null";

    ck_assert_int_eq(EXIT_DONE, assign(&posts_update_contract, "post_id=1", "title=Hello"));

    ck_assert_str_eq(body.data, "{\"post_id\":1,\"title\":\"Hello\"}");
}
END_TEST

START_TEST(a_changed_body_still_says_which_secrets_are_needed)
{
    ck_assert_int_eq(EXIT_DONE, assign(&users_register_contract, "email=eve@example.com"));

    ck_assert_str_eq(body.data, "{\"email\":\"eve@example.com\",\"password1\":\"[removed]\","
                                "\"password2\":\"[removed]\"}");
}
END_TEST

START_TEST(no_secret_is_kept_by_a_change)
{
    ck_assert_int_eq(EXIT_USAGE, assign(&users_register_contract, "password1=topsecret"));

    expect_said("password1 is secret: give it to retry", captured_errors());
}
END_TEST

START_TEST(takes_a_whole_new_body)
{
    letter.body = "{\"post_id\":1,\"title\":\"Hello\"}";

    ck_assert_int_eq(EXIT_DONE,
                     replace(&posts_update_contract, " {\"status\": \"draft\", \"post_id\": 3}\n"));

    ck_assert_str_eq(body.data, "{\"post_id\":3,\"status\":\"draft\"}");
}
END_TEST

START_TEST(a_whole_new_body_is_held_against_the_contract)
{
    ck_assert_int_eq(EXIT_PROBLEM, replace(&posts_update_contract, "{\"post_id\":1,\"a\":2}"));
    expect_said("\"a\":[", captured_output());

    captured_begin();
    ck_assert_int_eq(EXIT_PROBLEM, replace(&posts_update_contract, "{\"post_id\":1"));
    expect_said("\"body\":[", captured_output());

    captured_begin();
    ck_assert_int_eq(EXIT_PROBLEM, replace(&posts_update_contract, ""));
    ck_assert_int_eq(EXIT_PROBLEM, replace(&posts_update_contract, "[]"));
}
END_TEST

START_TEST(what_was_shown_may_come_back)
{
    ck_assert_int_eq(EXIT_DONE, replace(&users_register_contract, REGISTRATION));

    ck_assert_str_eq(body.data, REGISTRATION);
}
END_TEST

START_TEST(no_secret_comes_back_with_a_whole_body)
{
    ck_assert_int_eq(EXIT_USAGE,
                     replace(&users_register_contract,
                             "{\"email\":\"a@b.example\",\"password1\":\"topsecret\"}"));
    expect_said("password1 is secret: give it to retry", captured_errors());

    /* written so that a search for the name does not find it */
    (void)replace(&users_register_contract,
                  "{\"email\":\"a@example.com\",\"pass\\u0077ord1\":\"topsecret\"}");
    ck_assert(body.data == NULL || strstr(body.data, "topsecret") == NULL);
    ck_assert_ptr_null(strstr(captured_output(), "topsecret"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, finds_the_contract_of_a_command);
    tcase_add_test(tests, says_so_when_it_is_no_command_of_ours);
    tcase_add_test(tests, sends_a_body_without_secrets_as_it_was);
    tcase_add_test(tests, puts_secrets_into_what_is_sent);
    tcase_add_test(tests, names_all_secrets_that_are_missing_in_one_line);
    tcase_add_test(tests, names_the_one_secret_that_is_missing);
    tcase_add_test(tests, takes_nothing_but_secrets_for_a_retry);
    tcase_add_test(tests, does_not_send_what_the_contract_refuses);
    tcase_add_test(tests, does_not_send_fields_that_it_does_not_know);
    tcase_add_test(tests, does_not_send_what_could_not_be_read);
    tcase_add_test(tests, changes_some_fields_and_keeps_the_rest);
    tcase_add_test(tests, a_changed_body_has_no_field_that_is_not_known);
    tcase_add_test(tests, a_changed_body_is_held_against_the_contract_as_a_whole);
    tcase_add_test(tests, makes_a_body_where_none_could_be_read);
    tcase_add_test(tests, a_changed_body_still_says_which_secrets_are_needed);
    tcase_add_test(tests, no_secret_is_kept_by_a_change);
    tcase_add_test(tests, takes_a_whole_new_body);
    tcase_add_test(tests, a_whole_new_body_is_held_against_the_contract);
    tcase_add_test(tests, what_was_shown_may_come_back);
    tcase_add_test(tests, no_secret_comes_back_with_a_whole_body);
}
CHECK_MAIN("cli dead body", add_tests)
