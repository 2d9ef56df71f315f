/* admin.change_posts: the staff publishes, withdraws or deletes several posts. */

#include <string.h>

#include "contracts/admin_change_posts.h"
#include "tests/command/world.h"

static struct reference both[2];
static struct admin_change_posts_command command;
static struct admin_change_posts_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    both[0].id = fake_post_store_add(&world.posts, BOB, "one", POST_STATUS_DRAFT)->id;
    both[1].id = fake_post_store_add(&world.posts, ANN, "two", POST_STATUS_PUBLISHED)->id;
    command = (struct admin_change_posts_command){
        .posts = both, .posts_count = 2, .action = POST_ACTION_PUBLISH};
}

static enum err handle(void)
{
    result = (struct admin_change_posts_result){0};
    return admin_change_posts_handle(&world.ctx, &command, &result);
}

START_TEST(publishes_posts)
{
    expect_ok(handle());

    ck_assert_int_eq(fake_post_store_get(&world.posts, both[0].id)->status, POST_STATUS_PUBLISHED);
    ck_assert_int_eq(result.changed, 1); /* the other one was already */
    ck_assert_uint_eq(world_sent_count(), 1);
    ck_assert_ptr_nonnull(strstr(world_sent("posts.updated"), "\"title\":\"one\""));
}
END_TEST

START_TEST(withdraws_posts)
{
    command.action = POST_ACTION_WITHDRAW;

    expect_ok(handle());

    ck_assert_int_eq(fake_post_store_get(&world.posts, both[1].id)->status, POST_STATUS_DRAFT);
    ck_assert_int_eq(result.changed, 1);
    ck_assert_ptr_nonnull(strstr(world_sent("posts.updated"), "\"status\":\"draft\""));
}
END_TEST

START_TEST(deletes_posts)
{
    command.action = POST_ACTION_DELETE;

    expect_ok(handle());

    ck_assert_uint_eq(world.posts.count, 0);
    ck_assert_int_eq(result.changed, 2);
    ck_assert_uint_eq(world_sent_count(), 2);
    ck_assert_pstr_eq(world_sent("posts.deleted"), "{\"post_id\":1,\"author_id\":2}");
}
END_TEST

START_TEST(writes_down_each_of_them)
{
    command.action = POST_ACTION_DELETE;

    expect_ok(handle());

    ck_assert_uint_eq(world.audit.count, 2);
    ck_assert_str_eq(world.audit.changes[0].label, "one");
    ck_assert_str_eq(world.audit.changes[1].label, "two");
}
END_TEST

START_TEST(changes_them_in_the_order_of_their_ids)
{
    const struct reference first = both[0];
    both[0] = both[1];
    both[1] = first;
    command.action = POST_ACTION_DELETE;

    expect_ok(handle());

    ck_assert_int_eq(world.audit.changes[0].object_id, first.id);
    ck_assert_int_eq(world.audit.changes[1].object_id, both[0].id);
}
END_TEST

START_TEST(does_not_find_a_post_that_is_not_there)
{
    both[1].id = 404;

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

    ck_assert_uint_eq(world.audit.count, 0);
    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

START_TEST(does_nothing_that_it_cannot_write_down)
{
    world.audit.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, handle());

    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

START_TEST(takes_a_post_that_is_named_twice_once)
{
    struct reference twice[] = {{1}, {1}};
    command = (struct admin_change_posts_command){
        .posts = twice, .posts_count = 2, .action = POST_ACTION_DELETE};

    expect_ok(handle());

    ck_assert_int_eq(result.changed, 1);
    ck_assert_ptr_null(fake_post_store_get(&world.posts, 1));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, publishes_posts);
    tcase_add_test(tests, withdraws_posts);
    tcase_add_test(tests, deletes_posts);
    tcase_add_test(tests, writes_down_each_of_them);
    tcase_add_test(tests, changes_them_in_the_order_of_their_ids);
    tcase_add_test(tests, does_not_find_a_post_that_is_not_there);
    tcase_add_test(tests, takes_a_post_that_is_named_twice_once);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, does_nothing_that_it_cannot_write_down);
}
CHECK_MAIN("admin.change_posts", add_tests)
