/* sessions.end_others: a user ends all sessions but the one that asks. */

#include "contracts/sessions_end_others.h"
#include "tests/command/world.h"

#define BOBS_SESSION "0000000000000000000000000000000000000000000000000000000000000003"

static const struct sessions_end_others_command command;
static struct sessions_end_others_result result;

static void setup(void)
{
    world_setup();
    fake_session_store_add(&world.sessions, OLD_SESSION, ANN);
    fake_session_store_add(&world.sessions, NEW_SESSION, ANN);
    fake_session_store_add(&world.sessions, BOBS_SESSION, BOB);
    world.ctx.session = OLD_SESSION;
}

START_TEST(ends_the_others_and_neither_its_own_nor_anothers)
{
    expect_ok(sessions_end_others_handle(&world.ctx, &command, &result));

    ck_assert_ptr_null(fake_session_store_get(&world.sessions, NEW_SESSION));
    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, OLD_SESSION));
    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, BOBS_SESSION));
}
END_TEST

START_TEST(ends_all_of_a_user_without_a_session)
{
    world.ctx.session = NULL;

    expect_ok(sessions_end_others_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.sessions.count, 1);
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;

    expect_err(ERR_ACCESS_DENIED, sessions_end_others_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.sessions.count, 3);
}
END_TEST

START_TEST(is_unavailable_when_they_cannot_be_ended)
{
    world.sessions.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, sessions_end_others_handle(&world.ctx, &command, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, ends_the_others_and_neither_its_own_nor_anothers);
    tcase_add_test(tests, ends_all_of_a_user_without_a_session);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, is_unavailable_when_they_cannot_be_ended);
}
CHECK_MAIN("sessions.end_others", add_tests)
