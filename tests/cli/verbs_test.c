/* The verbs as far as they go without broker and database: usage, help, settings, nobody there. */

#include "verb.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "account.h"
#include "tests/cli/captured.h"
#include "tests/support/check_main.h"

#define NOBODY_THERE "amqp://user:password@127.0.0.1:1/"

#define expect_said(part, text)                                                                    \
    ck_assert_msg(strstr(text, part) != NULL, "%s is not in: %s", part, text)
#define run(verb, ...)                                                                             \
    run_verb(verb, (char *[]){__VA_ARGS__}, sizeof((char *[]){__VA_ARGS__}) / sizeof(char *))

/* The arguments are copied as main gets them: getopt moves them about. */
static int run_verb(int (*verb)(int, char **), char **arguments, int count)
{
    char *copy[16] = {NULL};
    memcpy(copy, arguments, (size_t)count * sizeof(char *));
    optind = 0;
    return verb(count, copy);
}

static void setup(void)
{
    (void)setenv("AMQP_URL", NOBODY_THERE, 1);
    (void)setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nowhere", 1);
    captured_begin();
}

START_TEST(lists_all_commands_and_no_queries)
{
    ck_assert_int_eq(EXIT_DONE, run(send_run, "send", "--help"));

    expect_said("posts.create", captured_output());
    expect_said("users.send_registration_notification", captured_output());
    ck_assert_ptr_null(strstr(captured_output(), "posts.list"));
    ck_assert_ptr_null(strstr(captured_output(), "posts.created"));
}
END_TEST

START_TEST(lists_all_queries)
{
    ck_assert_int_eq(EXIT_DONE, run(query_run, "query", "--help"));

    expect_said("posts.list", captured_output());
    expect_said("users.me", captured_output());
    ck_assert_ptr_null(strstr(captured_output(), "posts.create"));
}
END_TEST

START_TEST(shows_the_fields_of_a_message)
{
    ck_assert_int_eq(EXIT_DONE, run(send_run, "send", "posts.create", "--help"));

    const char *help = captured_output();
    expect_said("title          text of 1 to 255 characters, not blank; required", help);
    expect_said("status         draft | published; required", help);
    expect_said("result: {\"post\"}", help);
    expect_said("access_denied", help);
    expect_said("--as EMAIL", help);
}
END_TEST

START_TEST(shows_defaults_and_secrets)
{
    ck_assert_int_eq(EXIT_DONE, run(query_run, "query", "posts.retrieve", "--help"));
    expect_said("true | false; optional, default false", captured_output());

    captured_begin();
    ck_assert_int_eq(EXIT_DONE, run(query_run, "query", "posts.list", "--help"));
    expect_said("integer from 1 to 100; optional, default 20", captured_output());

    captured_begin();
    ck_assert_int_eq(EXIT_DONE, run(send_run, "send", "users.login", "--help"));
    expect_said("secret: better =- or =@FILE", captured_output());
}
END_TEST

START_TEST(a_message_has_to_be_named)
{
    ck_assert_int_eq(EXIT_USAGE, run(send_run, "send"));

    expect_said("which message?", captured_errors());
}
END_TEST

START_TEST(an_unknown_message_is_said_to_be_that)
{
    ck_assert_int_eq(EXIT_USAGE, run(send_run, "send", "posts.burn"));

    expect_said("there is no message 'posts.burn'", captured_errors());
}
END_TEST

START_TEST(an_event_cannot_be_sent)
{
    ck_assert_int_eq(EXIT_USAGE, run(send_run, "send", "posts.created"));
}
END_TEST

START_TEST(the_other_kind_is_pointed_to_the_other_verb)
{
    ck_assert_int_eq(EXIT_USAGE, run(send_run, "send", "posts.list"));

    expect_said("postroom query posts.list", captured_errors());
}
END_TEST

START_TEST(options_are_checked)
{
    ck_assert_int_eq(EXIT_USAGE, run(send_run, "send", "posts.delete", "--id", "7"));
    ck_assert_int_eq(EXIT_USAGE, run(send_run, "send", "posts.delete", "--timeout", "soon"));
    ck_assert_int_eq(EXIT_USAGE, run(send_run, "send", "posts.delete", "--timeout", "0"));
    ck_assert_int_eq(EXIT_USAGE, run(send_run, "send", "posts.delete", "--shout"));
    ck_assert_int_eq(EXIT_USAGE, run(query_run, "query", "posts.list", "--no-wait"));
}
END_TEST

START_TEST(json_stands_for_all_fields)
{
    ck_assert_int_eq(EXIT_USAGE,
                     run(send_run, "send", "posts.delete", "post_id=1", "--json", "{}"));

    expect_said("--json stands for all fields", captured_errors());
}
END_TEST

START_TEST(a_broker_out_of_reach_is_one_line_and_69)
{
    ck_assert_int_eq(EXIT_UNREACHABLE, run(query_run, "query", "posts.list"));

    expect_said("postroom: cannot reach the broker: ", captured_errors());
    ck_assert_ptr_eq(strchr(captured_errors(), '\n') + 1, strchr(captured_errors(), '\0'));
    ck_assert_str_eq(captured_output(), "");
}
END_TEST

START_TEST(a_database_out_of_reach_is_69)
{
    ck_assert_int_eq(EXIT_UNREACHABLE, run(dead_run, "dead", "list"));
    expect_said("postroom: the database is not ready: ", captured_errors());

    ck_assert_int_eq(EXIT_UNREACHABLE, run(query_run, "query", "users.me", "--as", "ann@x.org"));
}
END_TEST

START_TEST(the_topology_cannot_be_declared_without_a_broker)
{
    ck_assert_int_eq(EXIT_UNREACHABLE, run(topology_run, "topology"));
}
END_TEST

/* Settings end the process: in a child. */
static int status_of_child(int (*verb)(int, char **), char **arguments, int count)
{
    pid_t child = fork();
    if (child == 0) {
        _exit(run_verb(verb, arguments, count));
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

START_TEST(a_wrong_setting_is_78)
{
    (void)setenv("AMQP_URL", "http://nonsense", 1);
    ck_assert_int_eq(EXIT_CONFIGURATION, status_of_child(topology_run, (char *[]){"topology"}, 1));

    (void)setenv("DATABASE_URL", "nonsense://", 1);
    ck_assert_int_eq(EXIT_CONFIGURATION, status_of_child(dead_run, (char *[]){"dead", "list"}, 2));
}
END_TEST

START_TEST(settings_that_a_verb_does_not_need_may_be_missing)
{
    (void)unsetenv("AMQP_URL");
    ck_assert_int_eq(EXIT_UNREACHABLE, status_of_child(dead_run, (char *[]){"dead", "list"}, 2));

    (void)setenv("AMQP_URL", NOBODY_THERE, 1);
    (void)unsetenv("DATABASE_URL");
    ck_assert_int_eq(EXIT_UNREACHABLE, status_of_child(topology_run, (char *[]){"topology"}, 1));
}
END_TEST

START_TEST(migrations_that_are_not_there_are_said_to_be)
{
    (void)setenv("MIGRATIONS_DIR", "/nowhere/at/all", 1);

    ck_assert_int_eq(EXIT_CONFIGURATION, run(migrate_run, "migrate"));

    expect_said("/nowhere/at/all", captured_errors());
}
END_TEST

START_TEST(every_verb_has_help_and_refuses_nonsense)
{
    ck_assert_int_eq(EXIT_DONE, run(migrate_run, "migrate", "--help"));
    ck_assert_int_eq(EXIT_DONE, run(users_run, "users", "--help"));
    ck_assert_int_eq(EXIT_DONE, run(users_run, "users", "create", "--help"));
    ck_assert_int_eq(EXIT_DONE, run(dead_run, "dead", "--help"));
    ck_assert_int_eq(EXIT_DONE, run(topology_run, "topology", "--help"));

    ck_assert_int_eq(EXIT_USAGE, run(migrate_run, "migrate", "back"));
    ck_assert_int_eq(EXIT_USAGE, run(users_run, "users"));
    ck_assert_int_eq(EXIT_USAGE, run(users_run, "users", "destroy", "ann@example.com"));
    ck_assert_int_eq(EXIT_USAGE, run(users_run, "users", "create"));
    ck_assert_int_eq(EXIT_USAGE, run(dead_run, "dead"));
    ck_assert_int_eq(EXIT_USAGE, run(dead_run, "dead", "show", "first"));
    ck_assert_int_eq(EXIT_USAGE, run(topology_run, "topology", "now"));
}
END_TEST

START_TEST(the_actor_is_who_became_root_else_the_account)
{
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();

    (void)setenv("SUDO_USER", "ann\n\xff", 1);
    ck_assert_str_eq(account_name(arena), "ann??");

    (void)unsetenv("SUDO_USER");
    ck_assert_str_ne(account_name(arena), "");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, lists_all_commands_and_no_queries);
    tcase_add_test(tests, lists_all_queries);
    tcase_add_test(tests, shows_the_fields_of_a_message);
    tcase_add_test(tests, shows_defaults_and_secrets);
    tcase_add_test(tests, a_message_has_to_be_named);
    tcase_add_test(tests, an_unknown_message_is_said_to_be_that);
    tcase_add_test(tests, an_event_cannot_be_sent);
    tcase_add_test(tests, the_other_kind_is_pointed_to_the_other_verb);
    tcase_add_test(tests, options_are_checked);
    tcase_add_test(tests, json_stands_for_all_fields);
    tcase_add_test(tests, a_broker_out_of_reach_is_one_line_and_69);
    tcase_add_test(tests, a_database_out_of_reach_is_69);
    tcase_add_test(tests, the_topology_cannot_be_declared_without_a_broker);
    tcase_add_test(tests, a_wrong_setting_is_78);
    tcase_add_test(tests, settings_that_a_verb_does_not_need_may_be_missing);
    tcase_add_test(tests, migrations_that_are_not_there_are_said_to_be);
    tcase_add_test(tests, every_verb_has_help_and_refuses_nonsense);
    tcase_add_test(tests, the_actor_is_who_became_root_else_the_account);
}
CHECK_MAIN("cli verbs", add_tests)
