/* sessions.list: where the caller is signed in. */

#include "contracts/sessions_list.h"
#include "tests/query/world.h"

#define SESSION "0000000000000000000000000000000000000000000000000000000000000001"
#define OTHER_SESSION "0000000000000000000000000000000000000000000000000000000000000002"

static const struct sessions_list_query query;
static struct sessions_list_result result;

static void setup(void)
{
    world_setup();
    fake_session_reader_add(&world.sessions, ANN, SESSION);
    fake_session_reader_add(&world.sessions, ANN, OTHER_SESSION)->last_seen_at = 1;
    fake_session_reader_add(&world.sessions, BOB, "");
    world.ctx.session = SESSION;
}

START_TEST(shows_the_callers_sessions_and_says_which_is_the_current)
{
    expect_ok(sessions_list_handle(&world.ctx, &query, &result));

    ck_assert_uint_eq(result.sessions_count, 2);
    ck_assert_int_eq(result.sessions[0].id, 2);
    ck_assert(!result.sessions[0].is_current);
    ck_assert_int_eq(result.sessions[1].id, 1);
    ck_assert(result.sessions[1].is_current);
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;

    expect_err(ERR_ACCESS_DENIED, sessions_list_handle(&world.ctx, &query, &result));
}
END_TEST

START_TEST(is_unavailable_when_they_cannot_be_read)
{
    world.sessions.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, sessions_list_handle(&world.ctx, &query, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, shows_the_callers_sessions_and_says_which_is_the_current);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, is_unavailable_when_they_cannot_be_read);
}
CHECK_MAIN("sessions.list", add_tests)
