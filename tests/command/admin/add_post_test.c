/* admin.add_post: the staff adds a post in the name of its author. */

#include <string.h>

#include "contracts/admin_add_post.h"
#include "tests/command/world.h"

static struct admin_add_post_command command;
static struct admin_add_post_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    command = (struct admin_add_post_command){
        .title = "Hello",
        .content = "World",
        .status = POST_STATUS_PUBLISHED,
        .author_id = BOB,
    };
}

static enum err handle(void)
{
    result = (struct admin_add_post_result){0};
    return admin_add_post_handle(&world.ctx, &command, &result);
}

START_TEST(stores_the_post_of_its_author)
{
    expect_ok(handle());

    ck_assert_uint_eq(world.posts.count, 1);
    const struct fake_post *kept = &world.posts.posts[0];
    ck_assert_str_eq(kept->title, "Hello");
    ck_assert_str_eq(kept->content, "World");
    ck_assert_int_eq(kept->status, POST_STATUS_PUBLISHED);
    ck_assert_int_eq(kept->author_id, BOB);
}
END_TEST

START_TEST(answers_with_the_post)
{
    expect_ok(handle());

    ck_assert_int_eq(result.post.id, 1);
    ck_assert_str_eq(result.post.author.email, "bob@example.org");
    ck_assert_int_eq(result.post.created_at, world.posts.posts[0].created_at);
}
END_TEST

START_TEST(tells_the_world_as_the_author_would)
{
    expect_ok(handle());

    ck_assert_uint_eq(world_sent_count(), 1);
    const char *event = world_sent("posts.created");
    ck_assert_ptr_nonnull(event);
    ck_assert_ptr_nonnull(strstr(event, "\"author\":{\"id\":2,"));
}
END_TEST

START_TEST(writes_it_down)
{
    expect_ok(handle());

    ck_assert_uint_eq(world.audit.count, 1);
    const struct fake_change *change = &world.audit.changes[0];
    ck_assert_int_eq(change->user_id, ANN);
    ck_assert_int_eq(change->object, CHANGED_OBJECT_POST);
    ck_assert_int_eq(change->object_id, 1);
    ck_assert_str_eq(change->label, "Hello");
    ck_assert_str_eq(change->fields,
                     "{\"fields\":[{\"field\":\"title\",\"old\":null,\"new\":\"Hello\"},"
                     "{\"field\":\"content\",\"old\":null,\"new\":\"World\"},"
                     "{\"field\":\"status\",\"old\":null,\"new\":\"published\"},"
                     "{\"field\":\"author\",\"old\":null,\"new\":\"bob@example.org\"}]}");
}
END_TEST

START_TEST(refuses_an_author_who_is_not_there)
{
    command.author_id = 404;

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_ptr_nonnull(world_field_error("author_id"));
    ck_assert_uint_eq(world.posts.count, 0);
}
END_TEST

START_TEST(does_not_take_trouble_of_ours_for_a_missing_author)
{
    world.users.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, handle());
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
    tcase_add_test(tests, stores_the_post_of_its_author);
    tcase_add_test(tests, answers_with_the_post);
    tcase_add_test(tests, tells_the_world_as_the_author_would);
    tcase_add_test(tests, writes_it_down);
    tcase_add_test(tests, refuses_an_author_who_is_not_there);
    tcase_add_test(tests, does_not_take_trouble_of_ours_for_a_missing_author);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, does_nothing_that_it_cannot_write_down);
}
CHECK_MAIN("admin.add_post", add_tests)
