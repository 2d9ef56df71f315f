/* Rules of the port command_states. */

#include "contracts/commands_status.h"
#include "tests/adapters/message.h"
#include "tests/adapters/query_world.h"
#include "tests/support/check_main.h"

#define COMMAND "0190aaaa-0000-7000-8000-00000000000a"
#define COMMAND_IN_CAPITALS "0190AAAA-0000-7000-8000-00000000000A"
#define OTHER "0190aaaa-0000-7000-8000-00000000000b"
#define SLICE(text)                                                                                \
    {                                                                                              \
        .data = (text), .size = sizeof(text) - 1                                                   \
    }

static struct query_world world;
static struct message message;
static struct command_record found;

static void setup(void)
{
    query_world_open(&world);
    message_open(&message, &commands_status_contract);
}

static void teardown(void)
{
    message_close(&message);
    query_world_close(&world);
}

static enum err find(const char *message_id)
{
    return command_states_find(world.commands, &message.ctx, message_id, &found);
}

static void assert_body(const char *expected)
{
    ck_assert_uint_eq(found.body.size, strlen(expected));
    ck_assert_mem_eq(found.body.data, expected, found.body.size);
}

START_TEST(a_command_that_is_done_has_its_result)
{
    world_add_command(
        COMMAND, &(struct command_record){.user_id = 7, .body = SLICE("{\"post\": {\"id\": 1}}")});
    world_add_command(OTHER, &(struct command_record){.user_id = 8, .body = SLICE("{}")});

    expect_ok(find(COMMAND));

    ck_assert_int_eq(found.user_id, 7);
    ck_assert_ptr_null(found.session);
    ck_assert_int_eq(found.session_user_id, NOBODY);
    ck_assert(!found.has_failed);
    assert_body("{\"post\": {\"id\": 1}}");
}
END_TEST

START_TEST(a_command_with_an_effect_on_its_session_says_so)
{
    world_add_command(COMMAND,
                      &(struct command_record){.has_session_effect = true, .body = SLICE("{}")});
    world_add_command(OTHER, &(struct command_record){.body = SLICE("{}")});

    expect_ok(find(COMMAND));
    ck_assert(found.has_session_effect);
    expect_ok(find(OTHER));
    ck_assert(!found.has_session_effect);
}
END_TEST

START_TEST(a_command_that_has_failed_has_its_problem)
{
    world_add_command(COMMAND, &(struct command_record){.has_failed = true,
                                                        .session = DIGEST_OF_A,
                                                        .body = SLICE("{\"code\":\"not_found\"}")});

    expect_ok(find(COMMAND));

    ck_assert(found.has_failed);
    ck_assert_int_eq(found.user_id, NOBODY);
    ck_assert_str_eq(found.session, DIGEST_OF_A);
    assert_body("{\"code\":\"not_found\"}");
}
END_TEST

START_TEST(a_login_says_whose_session_it_started)
{
    world_add_command(COMMAND, &(struct command_record){.session_user_id = 9, .body = SLICE("{}")});

    expect_ok(find(COMMAND));

    ck_assert_int_eq(found.user_id, NOBODY);
    ck_assert_ptr_null(found.session);
    ck_assert_int_eq(found.session_user_id, 9);
}
END_TEST

START_TEST(an_identity_in_capitals_is_the_same)
{
    world_add_command(COMMAND, &(struct command_record){.user_id = 7, .body = SLICE("{}")});

    expect_ok(find(COMMAND_IN_CAPITALS));

    ck_assert_int_eq(found.user_id, 7);
}
END_TEST

START_TEST(a_command_without_an_outcome_is_not_found)
{
    world_add_command(COMMAND, &(struct command_record){.user_id = 7, .body = SLICE("{}")});

    expect_err(ERR_NOT_FOUND, find(OTHER));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, query_world_prepare, query_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_command_that_is_done_has_its_result);
    tcase_add_test(tests, a_command_that_has_failed_has_its_problem);
    tcase_add_test(tests, a_login_says_whose_session_it_started);
    tcase_add_test(tests, an_identity_in_capitals_is_the_same);
    tcase_add_test(tests, a_command_without_an_outcome_is_not_found);
    tcase_add_test(tests, a_command_with_an_effect_on_its_session_says_so);
}
CHECK_MAIN("command_states", add_tests)
