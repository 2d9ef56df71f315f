/* posts.list: a page of the published posts. */

#include "contracts/posts_list.h"
#include "tests/query/world.h"

static struct posts_list_query query;
static struct posts_list_result result;

static void setup(void)
{
    world_setup();
    world.ctx.user_id = NOBODY;
    query = (struct posts_list_query){.has_limit = true, .limit = 20};
}

START_TEST(lists_published_posts_of_everybody_to_anybody)
{
    int64_t anns = world_add_post(ANN, POST_STATUS_PUBLISHED);
    int64_t bobs = world_add_post(BOB, POST_STATUS_PUBLISHED);

    expect_ok(posts_list_handle(&world.ctx, &query, &result));

    ck_assert_uint_eq(result.posts_count, 2);
    ck_assert_int_eq(result.posts[0].id, bobs); /* the newest first */
    ck_assert_int_eq(result.posts[1].id, anns);
}
END_TEST

START_TEST(shows_what_a_list_shows_of_a_post)
{
    world_add_post(ANN, POST_STATUS_PUBLISHED);

    expect_ok(posts_list_handle(&world.ctx, &query, &result));

    ck_assert_str_eq(result.posts[0].title, "Hello");
    ck_assert_int_eq(result.posts[0].status, POST_STATUS_PUBLISHED);
    ck_assert_int_eq(result.posts[0].created_at, world.posts.posts[0].created_at);
    ck_assert_int_eq(result.posts[0].author.id, ANN);
    ck_assert_str_eq(result.posts[0].author.email, world.posts.posts[0].author_email);
}
END_TEST

START_TEST(hides_drafts_from_their_author_too)
{
    world_add_post(ANN, POST_STATUS_DRAFT);
    world.ctx.user_id = ANN;

    expect_ok(posts_list_handle(&world.ctx, &query, &result));

    ck_assert_uint_eq(result.posts_count, 0);
}
END_TEST

START_TEST(lists_the_posts_of_one_author)
{
    int64_t anns = world_add_post(ANN, POST_STATUS_PUBLISHED);
    world_add_post(ANN, POST_STATUS_DRAFT);
    world_add_post(BOB, POST_STATUS_PUBLISHED);
    query.has_author = true;
    query.author = ANN;

    expect_ok(posts_list_handle(&world.ctx, &query, &result));

    ck_assert_uint_eq(result.posts_count, 1);
    ck_assert_int_eq(result.posts[0].id, anns);
}
END_TEST

START_TEST(has_no_next_page_at_the_end)
{
    world_add_post(ANN, POST_STATUS_PUBLISHED);

    expect_ok(posts_list_handle(&world.ctx, &query, &result));

    ck_assert_ptr_null(result.next_cursor);
}
END_TEST

START_TEST(goes_on_where_the_page_before_ended)
{
    int64_t first = world_add_post(ANN, POST_STATUS_PUBLISHED);
    int64_t second = world_add_post(ANN, POST_STATUS_PUBLISHED);
    query.limit = 1;

    expect_ok(posts_list_handle(&world.ctx, &query, &result));
    ck_assert_uint_eq(result.posts_count, 1);
    ck_assert_int_eq(result.posts[0].id, second);
    ck_assert_ptr_nonnull(result.next_cursor);
    query.cursor = result.next_cursor;
    expect_ok(posts_list_handle(&world.ctx, &query, &result));

    ck_assert_uint_eq(result.posts_count, 1);
    ck_assert_int_eq(result.posts[0].id, first);
    ck_assert_ptr_null(result.next_cursor);
}
END_TEST

START_TEST(refuses_a_cursor_that_is_none)
{
    query.cursor = "nonsense";

    expect_err(ERR_INVALID_INPUT, posts_list_handle(&world.ctx, &query, &result));

    ck_assert_str_eq(world.ctx.problem.errors->field, "cursor");
}
END_TEST

START_TEST(passes_trouble_on)
{
    world.posts.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, posts_list_handle(&world.ctx, &query, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, lists_published_posts_of_everybody_to_anybody);
    tcase_add_test(tests, shows_what_a_list_shows_of_a_post);
    tcase_add_test(tests, hides_drafts_from_their_author_too);
    tcase_add_test(tests, lists_the_posts_of_one_author);
    tcase_add_test(tests, has_no_next_page_at_the_end);
    tcase_add_test(tests, goes_on_where_the_page_before_ended);
    tcase_add_test(tests, refuses_a_cursor_that_is_none);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("posts.list", add_tests)
