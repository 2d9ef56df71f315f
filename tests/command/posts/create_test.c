/* posts.create: a signed-in user writes a post. */

#include <string.h>

#include "contracts/posts_create.h"
#include "tests/command/world.h"

static const struct posts_create_command hello = {
    .title = "Hello",
    .content = "First words",
    .status = POST_STATUS_DRAFT,
};
static struct posts_create_result result;

START_TEST(stores_the_post)
{
    expect_ok(posts_create_handle(&world.ctx, &hello, &result));

    ck_assert_uint_eq(world.posts.count, 1);
    ck_assert_str_eq(world.posts.posts[0].title, "Hello");
    ck_assert_str_eq(world.posts.posts[0].content, "First words");
    ck_assert_int_eq(world.posts.posts[0].status, POST_STATUS_DRAFT);
}
END_TEST

START_TEST(makes_the_caller_the_author)
{
    world.ctx.user_id = BOB;

    expect_ok(posts_create_handle(&world.ctx, &hello, &result));

    ck_assert_int_eq(world.posts.posts[0].author_id, BOB);
    ck_assert_int_eq(result.post.author.id, BOB);
    ck_assert_str_eq(result.post.author.email, "bob@example.org");
}
END_TEST

START_TEST(answers_with_the_stored_post)
{
    expect_ok(posts_create_handle(&world.ctx, &hello, &result));

    ck_assert_int_eq(result.post.id, world.posts.posts[0].id);
    ck_assert_str_eq(result.post.title, "Hello");
    ck_assert_str_eq(result.post.content, "First words");
    ck_assert_int_eq(result.post.status, POST_STATUS_DRAFT);
    ck_assert_int_eq(result.post.created_at, world.posts.posts[0].created_at);
    ck_assert_int_eq(result.post.updated_at, world.posts.posts[0].updated_at);
}
END_TEST

START_TEST(tells_the_world)
{
    expect_ok(posts_create_handle(&world.ctx, &hello, &result));

    ck_assert_uint_eq(world_sent_count(), 1);
    const char *event = world_sent("posts.created");
    ck_assert_ptr_nonnull(event);
    ck_assert_ptr_nonnull(strstr(event, "\"title\":\"Hello\""));
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;

    expect_err(ERR_ACCESS_DENIED, posts_create_handle(&world.ctx, &hello, &result));

    ck_assert_uint_eq(world.posts.count, 0);
    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

START_TEST(tells_nobody_of_a_post_that_was_not_stored)
{
    world.posts.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, posts_create_handle(&world.ctx, &hello, &result));

    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, stores_the_post);
    tcase_add_test(tests, makes_the_caller_the_author);
    tcase_add_test(tests, answers_with_the_stored_post);
    tcase_add_test(tests, tells_the_world);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, tells_nobody_of_a_post_that_was_not_stored);
}
CHECK_MAIN("posts.create", add_tests)
