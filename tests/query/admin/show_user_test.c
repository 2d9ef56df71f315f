/* admin.show_user: the staff sees a user. */

#include "contracts/admin_show_user.h"
#include "tests/query/world.h"

static struct admin_show_user_query query;
static struct admin_show_user_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    query = (struct admin_show_user_query){.user_id = BOB};
}

static enum err handle(void)
{
    return admin_show_user_handle(&world.ctx, &query, &result);
}

START_TEST(shows_a_user_active_or_not)
{
    fake_user_reader_get(&world.users, BOB)->is_active = false;

    expect_ok(handle());

    ck_assert_int_eq(result.user.id, BOB);
    ck_assert_str_eq(result.user.email, "bob@example.org");
    ck_assert(!result.user.is_active);
}
END_TEST

START_TEST(counts_the_posts_drafts_included)
{
    (void)world_add_post(BOB, POST_STATUS_PUBLISHED);
    (void)world_add_post(BOB, POST_STATUS_DRAFT);
    (void)world_add_post(ANN, POST_STATUS_PUBLISHED);

    expect_ok(handle());

    ck_assert_int_eq(result.posts, 2);
}
END_TEST

START_TEST(does_not_find_a_user_that_is_not_there)
{
    query.user_id = 404;

    expect_err(ERR_NOT_FOUND, handle());

    ck_assert_str_eq(world.ctx.problem.detail, "There is no such user");
}
END_TEST

START_TEST(refuses_whoever_is_not_staff)
{
    world.ctx.is_staff = false;
    expect_err(ERR_ACCESS_DENIED, handle());

    world.ctx.user_id = NOBODY;
    expect_err(ERR_ACCESS_DENIED, handle());
}
END_TEST

START_TEST(passes_trouble_on)
{
    world.users.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, handle());
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, shows_a_user_active_or_not);
    tcase_add_test(tests, counts_the_posts_drafts_included);
    tcase_add_test(tests, does_not_find_a_user_that_is_not_there);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("admin.show_user", add_tests)
