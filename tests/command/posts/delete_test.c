/* posts.delete: the author deletes a post. */

#include "contracts/posts_delete.h"
#include "tests/command/world.h"

static struct posts_delete_command command; /* of Ann's only post, id 1 */
static struct posts_delete_result result;

static void setup(void)
{
    world_setup();
    command.post_id = fake_post_store_add(&world.posts, ANN, "Hello", POST_STATUS_PUBLISHED)->id;
}

START_TEST(removes_the_post)
{
    expect_ok(posts_delete_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.posts.count, 0);
}
END_TEST

START_TEST(removes_no_other_post)
{
    int64_t other = fake_post_store_add(&world.posts, ANN, "Other", POST_STATUS_DRAFT)->id;

    expect_ok(posts_delete_handle(&world.ctx, &command, &result));

    ck_assert_ptr_nonnull(fake_post_store_get(&world.posts, other));
    ck_assert_ptr_null(fake_post_store_get(&world.posts, command.post_id));
}
END_TEST

START_TEST(tells_the_world)
{
    expect_ok(posts_delete_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world_sent_count(), 1);
    ck_assert_pstr_eq(world_sent("posts.deleted"), "{\"post_id\":1,\"author_id\":1}");
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;

    expect_err(ERR_ACCESS_DENIED, posts_delete_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.posts.count, 1);
}
END_TEST

START_TEST(refuses_an_anonymous_caller_before_it_looks_for_the_post)
{
    world.ctx.user_id = NOBODY;
    command.post_id = 404;

    expect_err(ERR_ACCESS_DENIED, posts_delete_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(does_not_find_a_post_that_is_not_there)
{
    command.post_id = 404;

    expect_err(ERR_NOT_FOUND, posts_delete_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(refuses_another_user)
{
    world.ctx.user_id = BOB;

    expect_err(ERR_ACCESS_DENIED, posts_delete_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.posts.count, 1);
    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

START_TEST(tells_nobody_of_a_post_that_was_not_deleted)
{
    world.posts.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, posts_delete_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, removes_the_post);
    tcase_add_test(tests, removes_no_other_post);
    tcase_add_test(tests, tells_the_world);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, refuses_an_anonymous_caller_before_it_looks_for_the_post);
    tcase_add_test(tests, does_not_find_a_post_that_is_not_there);
    tcase_add_test(tests, refuses_another_user);
    tcase_add_test(tests, tells_nobody_of_a_post_that_was_not_deleted);
}
CHECK_MAIN("posts.delete", add_tests)
