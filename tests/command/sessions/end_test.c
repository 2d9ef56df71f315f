/* sessions.end: a user ends one of the own sessions. */

#include "contracts/sessions_end.h"
#include "tests/command/world.h"

static struct sessions_end_command command; /* the other session of Ann's */
static struct sessions_end_result result;

static void setup(void)
{
    world_setup();
    fake_session_store_add(&world.sessions, OLD_SESSION, ANN);
    fake_session_store_add(&world.sessions, NEW_SESSION, ANN);
    world.ctx.session = OLD_SESSION;
    command.session_id = fake_session_store_get(&world.sessions, NEW_SESSION)->id;
}

START_TEST(ends_that_session_and_no_other)
{
    expect_ok(sessions_end_handle(&world.ctx, &command, &result));

    ck_assert_ptr_null(fake_session_store_get(&world.sessions, NEW_SESSION));
    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, OLD_SESSION));
}
END_TEST

START_TEST(ends_the_one_it_came_with)
{
    command.session_id = fake_session_store_get(&world.sessions, OLD_SESSION)->id;

    expect_ok(sessions_end_handle(&world.ctx, &command, &result));

    ck_assert_ptr_null(fake_session_store_get(&world.sessions, OLD_SESSION));
}
END_TEST

START_TEST(does_not_find_what_is_not_there)
{
    command.session_id = 99;

    expect_err(ERR_NOT_FOUND, sessions_end_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(world.ctx.problem.detail, "There is no such session");
}
END_TEST

START_TEST(does_not_find_anothers)
{
    world.ctx.user_id = BOB;

    expect_err(ERR_NOT_FOUND, sessions_end_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.sessions.count, 2);
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;

    expect_err(ERR_ACCESS_DENIED, sessions_end_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.sessions.count, 2);
}
END_TEST

START_TEST(is_unavailable_when_it_cannot_be_ended)
{
    world.sessions.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, sessions_end_handle(&world.ctx, &command, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, ends_that_session_and_no_other);
    tcase_add_test(tests, ends_the_one_it_came_with);
    tcase_add_test(tests, does_not_find_what_is_not_there);
    tcase_add_test(tests, does_not_find_anothers);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, is_unavailable_when_it_cannot_be_ended);
}
CHECK_MAIN("sessions.end", add_tests)
