/* admin.delete_post: the staff deletes any post. */

#include "contracts/admin_delete_post.h"
#include "tests/command/world.h"

static struct admin_delete_post_command command;
static struct admin_delete_post_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    (void)fake_post_store_add(&world.posts, BOB, "Hello", POST_STATUS_DRAFT);
    command = (struct admin_delete_post_command){.post_id = 1};
}

static enum err handle(void)
{
    result = (struct admin_delete_post_result){0};
    return admin_delete_post_handle(&world.ctx, &command, &result);
}

START_TEST(deletes_a_post_of_another)
{
    expect_ok(handle());

    ck_assert_uint_eq(world.posts.count, 0);
}
END_TEST

START_TEST(tells_the_world_as_the_author_would)
{
    expect_ok(handle());

    ck_assert_uint_eq(world_sent_count(), 1);
    ck_assert_pstr_eq(world_sent("posts.deleted"), "{\"post_id\":1,\"author_id\":2}");
}
END_TEST

START_TEST(writes_down_what_there_was)
{
    expect_ok(handle());

    ck_assert_uint_eq(world.audit.count, 1);
    ck_assert_str_eq(world.audit.changes[0].label, "Hello");
    ck_assert_str_eq(world.audit.changes[0].fields,
                     "{\"fields\":[{\"field\":\"title\",\"old\":\"Hello\",\"new\":null},"
                     "{\"field\":\"content\",\"old\":\"some content\",\"new\":null},"
                     "{\"field\":\"status\",\"old\":\"draft\",\"new\":null},"
                     "{\"field\":\"author\",\"old\":\"bob@example.org\",\"new\":null}]}");
}
END_TEST

START_TEST(does_not_find_a_post_that_is_not_there)
{
    command.post_id = 404;

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

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, deletes_a_post_of_another);
    tcase_add_test(tests, tells_the_world_as_the_author_would);
    tcase_add_test(tests, writes_down_what_there_was);
    tcase_add_test(tests, does_not_find_a_post_that_is_not_there);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, does_nothing_that_it_cannot_write_down);
}
CHECK_MAIN("admin.delete_post", add_tests)
