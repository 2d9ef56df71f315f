/* admin.show_post: the staff sees any post. */

#include "contracts/admin_show_post.h"
#include "tests/query/world.h"

static struct admin_show_post_query query;
static struct admin_show_post_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    query = (struct admin_show_post_query){.post_id = 1};
}

static enum err handle(void)
{
    return admin_show_post_handle(&world.ctx, &query, &result);
}

START_TEST(shows_a_draft_of_another)
{
    query.post_id = world_add_post(BOB, POST_STATUS_DRAFT);

    expect_ok(handle());

    ck_assert_int_eq(result.post.id, query.post_id);
    ck_assert_str_eq(result.post.title, "Hello");
    ck_assert_int_eq(result.post.status, POST_STATUS_DRAFT);
    ck_assert_int_eq(result.post.author.id, BOB);
}
END_TEST

START_TEST(does_not_find_a_post_that_is_not_there)
{
    query.post_id = 404;

    expect_err(ERR_NOT_FOUND, handle());

    ck_assert_str_eq(world.ctx.problem.detail, "There is no such post");
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
    world.posts.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, handle());
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, shows_a_draft_of_another);
    tcase_add_test(tests, does_not_find_a_post_that_is_not_there);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("admin.show_post", add_tests)
