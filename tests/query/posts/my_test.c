/* posts.my: a page of the caller's own posts, drafts too. */

#include "contracts/posts_my.h"
#include "tests/query/world.h"

static struct posts_my_query query;
static struct posts_my_result result;

static void setup(void)
{
    world_setup();
    query = (struct posts_my_query){.has_limit = true, .limit = 20};
}

START_TEST(lists_drafts_and_published_posts)
{
    int64_t draft = world_add_post(ANN, POST_STATUS_DRAFT);
    int64_t published = world_add_post(ANN, POST_STATUS_PUBLISHED);

    expect_ok(posts_my_handle(&world.ctx, &query, &result));

    ck_assert_uint_eq(result.posts_count, 2);
    ck_assert_int_eq(result.posts[0].id, published); /* the newest first */
    ck_assert_int_eq(result.posts[0].status, POST_STATUS_PUBLISHED);
    ck_assert_int_eq(result.posts[1].id, draft);
    ck_assert_int_eq(result.posts[1].status, POST_STATUS_DRAFT);
}
END_TEST

START_TEST(lists_nothing_of_others)
{
    world_add_post(BOB, POST_STATUS_DRAFT);
    world_add_post(BOB, POST_STATUS_PUBLISHED);

    expect_ok(posts_my_handle(&world.ctx, &query, &result));

    ck_assert_uint_eq(result.posts_count, 0);
    ck_assert_ptr_null(result.next_cursor);
}
END_TEST

START_TEST(goes_on_where_the_page_before_ended)
{
    int64_t first = world_add_post(ANN, POST_STATUS_DRAFT);
    int64_t second = world_add_post(ANN, POST_STATUS_DRAFT);
    query.limit = 1;

    expect_ok(posts_my_handle(&world.ctx, &query, &result));
    ck_assert_uint_eq(result.posts_count, 1);
    ck_assert_int_eq(result.posts[0].id, second);
    ck_assert_ptr_nonnull(result.next_cursor);
    query.cursor = result.next_cursor;
    expect_ok(posts_my_handle(&world.ctx, &query, &result));

    ck_assert_uint_eq(result.posts_count, 1);
    ck_assert_int_eq(result.posts[0].id, first);
    ck_assert_ptr_null(result.next_cursor);
}
END_TEST

START_TEST(refuses_a_cursor_that_is_none)
{
    query.cursor = "nonsense";

    expect_err(ERR_INVALID_INPUT, posts_my_handle(&world.ctx, &query, &result));

    ck_assert_str_eq(world.ctx.problem.errors->field, "cursor");
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world_add_post(ANN, POST_STATUS_PUBLISHED);
    world.ctx.user_id = NOBODY;

    expect_err(ERR_ACCESS_DENIED, posts_my_handle(&world.ctx, &query, &result));
}
END_TEST

START_TEST(passes_trouble_on)
{
    world.posts.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, posts_my_handle(&world.ctx, &query, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, lists_drafts_and_published_posts);
    tcase_add_test(tests, lists_nothing_of_others);
    tcase_add_test(tests, goes_on_where_the_page_before_ended);
    tcase_add_test(tests, refuses_a_cursor_that_is_none);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("posts.my", add_tests)
