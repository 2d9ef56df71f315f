/* users.logout: the session the message came with ends. */

#include "contracts/users_logout.h"
#include "tests/command/world.h"

static const struct users_logout_command command;
static struct users_logout_result result;

static void setup(void)
{
    world_setup();
    fake_session_store_add(&world.sessions, OLD_SESSION, ANN);
    world.ctx.session = OLD_SESSION;
}

START_TEST(ends_the_session)
{
    expect_ok(users_logout_handle(&world.ctx, &command, &result));

    ck_assert_ptr_null(fake_session_store_get(&world.sessions, OLD_SESSION));
}
END_TEST

START_TEST(ends_no_other_session_of_the_user)
{
    fake_session_store_add(&world.sessions, NEW_SESSION, ANN);

    expect_ok(users_logout_handle(&world.ctx, &command, &result));

    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, NEW_SESSION));
}
END_TEST

START_TEST(has_nothing_to_end_for_a_user_without_a_session)
{
    world.ctx.session = NULL;

    expect_ok(users_logout_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.sessions.count, 1);
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;

    expect_err(ERR_ACCESS_DENIED, users_logout_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.sessions.count, 1);
}
END_TEST

START_TEST(is_unavailable_when_the_session_cannot_be_ended)
{
    world.sessions.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, users_logout_handle(&world.ctx, &command, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, ends_the_session);
    tcase_add_test(tests, ends_no_other_session_of_the_user);
    tcase_add_test(tests, has_nothing_to_end_for_a_user_without_a_session);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, is_unavailable_when_the_session_cannot_be_ended);
}
CHECK_MAIN("users.logout", add_tests)
