/* posts.update: the author changes a post. */

#include <string.h>

#include "contracts/posts_update.h"
#include "tests/command/world.h"

static struct fake_post *post; /* Ann's */
static struct posts_update_command command;
static struct posts_update_result result;

static void setup(void)
{
    world_setup();
    post = fake_post_store_add(&world.posts, ANN, "Hello", POST_STATUS_DRAFT);
    command = (struct posts_update_command){
        .post_id = post->id,
        .title = "Changed",
        .content = "Other words",
        .status = POST_STATUS_PUBLISHED,
    };
}

START_TEST(changes_everything_that_is_given)
{
    expect_ok(posts_update_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(post->title, "Changed");
    ck_assert_str_eq(post->content, "Other words");
    ck_assert_int_eq(post->status, POST_STATUS_PUBLISHED);
}
END_TEST

START_TEST(leaves_alone_what_is_left_out)
{
    struct fake_post before = *post;
    command = (struct posts_update_command){.post_id = post->id, .title = "Changed"};

    expect_ok(posts_update_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(post->title, "Changed");
    ck_assert_str_eq(post->content, before.content);
    ck_assert_int_eq(post->status, before.status);
}
END_TEST

START_TEST(changes_the_status_alone)
{
    command = (struct posts_update_command){.post_id = post->id, .status = POST_STATUS_PUBLISHED};

    expect_ok(posts_update_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(post->title, "Hello");
    ck_assert_int_eq(post->status, POST_STATUS_PUBLISHED);
}
END_TEST

START_TEST(answers_with_the_post_as_it_is_now)
{
    expect_ok(posts_update_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(result.post.id, post->id);
    ck_assert_str_eq(result.post.title, "Changed");
    ck_assert_int_eq(result.post.created_at, post->created_at);
    ck_assert_int_eq(result.post.updated_at, post->updated_at);
    ck_assert_int_gt(result.post.updated_at, result.post.created_at);
}
END_TEST

START_TEST(tells_the_world)
{
    expect_ok(posts_update_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world_sent_count(), 1);
    const char *event = world_sent("posts.updated");
    ck_assert_ptr_nonnull(event);
    ck_assert_ptr_nonnull(strstr(event, "\"title\":\"Changed\""));
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;

    expect_err(ERR_ACCESS_DENIED, posts_update_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(post->title, "Hello");
}
END_TEST

START_TEST(refuses_an_anonymous_caller_before_it_looks_for_the_post)
{
    world.ctx.user_id = NOBODY;
    command.post_id = 404;

    expect_err(ERR_ACCESS_DENIED, posts_update_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(does_not_find_a_post_that_is_not_there)
{
    command.post_id = 404;

    expect_err(ERR_NOT_FOUND, posts_update_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(world.ctx.problem.detail, "There is no such post");
}
END_TEST

START_TEST(refuses_another_user)
{
    world.ctx.user_id = BOB;

    expect_err(ERR_ACCESS_DENIED, posts_update_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(post->title, "Hello");
    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

START_TEST(tells_nobody_of_a_change_that_was_not_stored)
{
    world.posts.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, posts_update_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, changes_everything_that_is_given);
    tcase_add_test(tests, leaves_alone_what_is_left_out);
    tcase_add_test(tests, changes_the_status_alone);
    tcase_add_test(tests, answers_with_the_post_as_it_is_now);
    tcase_add_test(tests, tells_the_world);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, refuses_an_anonymous_caller_before_it_looks_for_the_post);
    tcase_add_test(tests, does_not_find_a_post_that_is_not_there);
    tcase_add_test(tests, refuses_another_user);
    tcase_add_test(tests, tells_nobody_of_a_change_that_was_not_stored);
}
CHECK_MAIN("posts.update", add_tests)
