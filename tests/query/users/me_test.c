/* users.me: who the caller is. */

#include "contracts/users_me.h"
#include "tests/query/world.h"

static const struct users_me_query query;
static struct users_me_result result;

START_TEST(shows_the_caller)
{
    world.ctx.user_id = BOB;

    expect_ok(users_me_handle(&world.ctx, &query, &result));

    ck_assert_int_eq(result.user.id, BOB);
    ck_assert_str_eq(result.user.email, "bob@example.org");
    ck_assert(!result.user.is_staff);
}
END_TEST

START_TEST(says_who_is_staff)
{
    world.users.users[0].is_staff = true;

    expect_ok(users_me_handle(&world.ctx, &query, &result));

    ck_assert(result.user.is_staff);
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;

    expect_err(ERR_ACCESS_DENIED, users_me_handle(&world.ctx, &query, &result));
}
END_TEST

START_TEST(takes_a_user_who_was_deactivated_meanwhile_for_nobody)
{
    world.users.users[0].is_active = false;

    expect_err(ERR_ACCESS_DENIED, users_me_handle(&world.ctx, &query, &result));

    ck_assert_int_eq(world.ctx.problem.err, ERR_ACCESS_DENIED);
}
END_TEST

START_TEST(does_not_take_trouble_of_ours_for_a_missing_user)
{
    world.users.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, users_me_handle(&world.ctx, &query, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, shows_the_caller);
    tcase_add_test(tests, says_who_is_staff);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, takes_a_user_who_was_deactivated_meanwhile_for_nobody);
    tcase_add_test(tests, does_not_take_trouble_of_ours_for_a_missing_user);
}
CHECK_MAIN("users.me", add_tests)
