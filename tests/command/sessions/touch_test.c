/* sessions.touch: the session it comes with is in use. */

#include "contracts/sessions_touch.h"
#include "tests/command/world.h"

static const struct sessions_touch_command command;
static struct sessions_touch_result result;

static void setup(void)
{
    world_setup();
    fake_session_store_add(&world.sessions, OLD_SESSION, ANN); /* not seen for long */
    world.ctx.session = OLD_SESSION;
}

START_TEST(notes_that_the_session_is_seen)
{
    expect_ok(sessions_touch_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(fake_session_store_get(&world.sessions, OLD_SESSION)->last_seen_at,
                     world.ctx.now_us);
}
END_TEST

START_TEST(says_nothing_of_a_session_that_has_ended)
{
    world.ctx.session = NEW_SESSION;
    world.ctx.user_id = NOBODY;

    expect_ok(sessions_touch_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.sessions.count, 1);
}
END_TEST

START_TEST(has_nothing_to_do_without_a_session)
{
    world.ctx.session = NULL;

    expect_ok(sessions_touch_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(fake_session_store_get(&world.sessions, OLD_SESSION)->last_seen_at, 0);
}
END_TEST

START_TEST(is_unavailable_when_it_cannot_be_noted)
{
    world.sessions.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, sessions_touch_handle(&world.ctx, &command, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, notes_that_the_session_is_seen);
    tcase_add_test(tests, says_nothing_of_a_session_that_has_ended);
    tcase_add_test(tests, has_nothing_to_do_without_a_session);
    tcase_add_test(tests, is_unavailable_when_it_cannot_be_noted);
}
CHECK_MAIN("sessions.touch", add_tests)
