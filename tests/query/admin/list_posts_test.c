/* admin.list_posts: the staff sees everybody's posts. */

#include "contracts/admin_list_posts.h"
#include "tests/query/world.h"

static struct admin_list_posts_query query;
static struct admin_list_posts_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    query = (struct admin_list_posts_query){.has_limit = true, .limit = 20};
}

static enum err handle(void)
{
    return admin_list_posts_handle(&world.ctx, &query, &result);
}

START_TEST(lists_posts_of_any_status_and_author)
{
    int64_t anns = world_add_post(ANN, POST_STATUS_PUBLISHED);
    int64_t bobs = world_add_post(BOB, POST_STATUS_DRAFT);

    expect_ok(handle());

    ck_assert_uint_eq(result.posts_count, 2);
    ck_assert_int_eq(result.posts[0].id, bobs); /* the newest first */
    ck_assert_int_eq(result.posts[1].id, anns);
    ck_assert_ptr_null(result.next_cursor);
}
END_TEST

START_TEST(chooses_by_status)
{
    world_add_post(ANN, POST_STATUS_PUBLISHED);
    int64_t draft = world_add_post(BOB, POST_STATUS_DRAFT);
    query.status = POST_STATUS_DRAFT;

    expect_ok(handle());

    ck_assert_uint_eq(result.posts_count, 1);
    ck_assert_int_eq(result.posts[0].id, draft);
}
END_TEST

START_TEST(chooses_by_author)
{
    int64_t anns = world_add_post(ANN, POST_STATUS_PUBLISHED);
    world_add_post(BOB, POST_STATUS_DRAFT);
    query.has_author = true;
    query.author = ANN;

    expect_ok(handle());

    ck_assert_uint_eq(result.posts_count, 1);
    ck_assert_int_eq(result.posts[0].id, anns);
}
END_TEST

START_TEST(chooses_by_part_of_the_title)
{
    world_add_post(ANN, POST_STATUS_PUBLISHED);

    query.search = "ELL";
    expect_ok(handle());
    ck_assert_uint_eq(result.posts_count, 1);

    query.search = "ill";
    expect_ok(handle());
    ck_assert_uint_eq(result.posts_count, 0);
}
END_TEST

START_TEST(goes_on_where_the_page_before_ended)
{
    int64_t first = world_add_post(ANN, POST_STATUS_PUBLISHED);
    world_add_post(BOB, POST_STATUS_DRAFT);
    query.limit = 1;

    expect_ok(handle());
    query.cursor = result.next_cursor;
    ck_assert_ptr_nonnull(query.cursor);
    expect_ok(handle());

    ck_assert_uint_eq(result.posts_count, 1);
    ck_assert_int_eq(result.posts[0].id, first);
    ck_assert_ptr_null(result.next_cursor);
}
END_TEST

START_TEST(refuses_a_cursor_that_is_none)
{
    query.cursor = "nonsense";

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_str_eq(world.ctx.problem.errors->field, "cursor");
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
    tcase_add_test(tests, lists_posts_of_any_status_and_author);
    tcase_add_test(tests, chooses_by_status);
    tcase_add_test(tests, chooses_by_author);
    tcase_add_test(tests, chooses_by_part_of_the_title);
    tcase_add_test(tests, goes_on_where_the_page_before_ended);
    tcase_add_test(tests, refuses_a_cursor_that_is_none);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("admin.list_posts", add_tests)
