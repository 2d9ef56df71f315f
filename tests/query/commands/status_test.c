/* commands.status: what became of a command of the caller's. */

#include "contracts/commands_status.h"
#include "tests/query/world.h"

#define COMMAND "0190aaaa-0000-7000-8000-00000000000a"
#define ONE_SESSION "1111111111111111111111111111111111111111111111111111111111111111"
#define OTHER_SESSION "2222222222222222222222222222222222222222222222222222222222222222"

static const struct commands_status_query query = {.id = COMMAND};
static struct commands_status_result result;
static struct fake_command *command;

static void setup(void)
{
    world_setup();
    command = fake_command_states_add(&world.commands, COMMAND, "{\"post\":{\"id\":1}}");
    command->user_id = ANN;
    result = (struct commands_status_result){.id = NULL};
}

static enum err ask(void)
{
    return commands_status_handle(&world.ctx, &query, &result);
}

static void come_with(int64_t user_id, const char *session)
{
    world.ctx.user_id = user_id;
    world.ctx.session = session;
}

static void make_anonymous(const char *session)
{
    command->user_id = NOBODY;
    (void)strcpy(command->session, session);
}

static const char *answer(void)
{
    struct buffer json;
    buffer_init(&json, world.ctx.arena);
    json_encode(&commands_status_result_object, &result, &json);
    return json.data;
}

START_TEST(shows_the_sender_what_was_done)
{
    expect_ok(ask());

    ck_assert_str_eq(answer(), "{\"id\":\"" COMMAND "\",\"state\":\"done\","
                               "\"result\":{\"post\":{\"id\":1}},\"problem\":null}");
}
END_TEST

START_TEST(shows_the_sender_why_it_failed)
{
    command->has_failed = true;
    (void)strcpy(command->body, "{\"code\":\"not_found\"}");

    expect_ok(ask());

    ck_assert_str_eq(answer(), "{\"id\":\"" COMMAND "\",\"state\":\"failed\","
                               "\"result\":null,\"problem\":{\"code\":\"not_found\"}}");
}
END_TEST

START_TEST(says_pending_of_what_has_no_outcome_to_anybody)
{
    world.commands.count = 0;
    world.ctx.user_id = NOBODY;

    expect_ok(ask());

    ck_assert_str_eq(answer(), "{\"id\":\"" COMMAND "\",\"state\":\"pending\","
                               "\"result\":null,\"problem\":null}");
}
END_TEST

START_TEST(shows_a_users_command_to_no_other_user_and_not_to_nobody)
{
    come_with(BOB, NULL);
    expect_err(ERR_NOT_FOUND, ask());

    come_with(NOBODY, NULL);
    expect_err(ERR_NOT_FOUND, ask());
    ck_assert_ptr_null(result.id);
}
END_TEST

START_TEST(shows_a_users_command_to_that_user_in_any_session)
{
    (void)strcpy(command->session, ONE_SESSION);

    come_with(ANN, OTHER_SESSION);
    expect_ok(ask());

    come_with(NOBODY, ONE_SESSION); /* the session has ended */
    expect_err(ERR_NOT_FOUND, ask());
}
END_TEST

START_TEST(shows_a_logout_to_the_session_that_it_has_ended)
{
    (void)strcpy(command->session, ONE_SESSION);
    command->has_session_effect = true;

    come_with(NOBODY, ONE_SESSION);
    expect_ok(ask());
    come_with(NOBODY, OTHER_SESSION);
    expect_err(ERR_NOT_FOUND, ask());
}
END_TEST

START_TEST(shows_an_anonymous_command_to_the_same_session)
{
    make_anonymous(ONE_SESSION);

    come_with(NOBODY, ONE_SESSION);
    expect_ok(ask());
    come_with(ANN, ONE_SESSION); /* a login has given it to a user since */
    expect_ok(ask());
}
END_TEST

START_TEST(shows_an_anonymous_command_to_no_other_session)
{
    make_anonymous(ONE_SESSION);

    come_with(NOBODY, OTHER_SESSION);
    expect_err(ERR_NOT_FOUND, ask());
    come_with(NOBODY, NULL);
    expect_err(ERR_NOT_FOUND, ask());
    come_with(ANN, NULL);
    expect_err(ERR_NOT_FOUND, ask());
}
END_TEST

START_TEST(shows_a_command_without_a_session_to_who_has_none_either)
{
    make_anonymous("");

    come_with(NOBODY, NULL);
    expect_ok(ask());
    come_with(NOBODY, ONE_SESSION);
    expect_err(ERR_NOT_FOUND, ask());
    come_with(ANN, NULL);
    expect_err(ERR_NOT_FOUND, ask());
}
END_TEST

START_TEST(shows_a_login_to_the_user_whose_session_it_started)
{
    make_anonymous("");
    command->session_user_id = ANN;

    come_with(ANN, ONE_SESSION);
    expect_ok(ask());
    come_with(BOB, ONE_SESSION);
    expect_err(ERR_NOT_FOUND, ask());
}
END_TEST

START_TEST(does_not_take_trouble_of_ours_for_a_pending_command)
{
    world.commands.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, ask());
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, shows_the_sender_what_was_done);
    tcase_add_test(tests, shows_the_sender_why_it_failed);
    tcase_add_test(tests, says_pending_of_what_has_no_outcome_to_anybody);
    tcase_add_test(tests, shows_a_users_command_to_no_other_user_and_not_to_nobody);
    tcase_add_test(tests, shows_a_users_command_to_that_user_in_any_session);
    tcase_add_test(tests, shows_an_anonymous_command_to_the_same_session);
    tcase_add_test(tests, shows_an_anonymous_command_to_no_other_session);
    tcase_add_test(tests, shows_a_command_without_a_session_to_who_has_none_either);
    tcase_add_test(tests, shows_a_login_to_the_user_whose_session_it_started);
    tcase_add_test(tests, does_not_take_trouble_of_ours_for_a_pending_command);
    tcase_add_test(tests, shows_a_logout_to_the_session_that_it_has_ended);
}
CHECK_MAIN("commands.status", add_tests)
