/* admin.change_post: the staff changes any post. */

#include <string.h>

#include "contracts/admin_change_post.h"
#include "tests/command/world.h"

static struct admin_change_post_command command;
static struct admin_change_post_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    (void)fake_post_store_add(&world.posts, BOB, "Hello", POST_STATUS_DRAFT);
    command = (struct admin_change_post_command){.post_id = 1, .title = "Goodbye"};
}

static enum err handle(void)
{
    result = (struct admin_change_post_result){0};
    return admin_change_post_handle(&world.ctx, &command, &result);
}

START_TEST(changes_a_post_of_another)
{
    expect_ok(handle());

    ck_assert_str_eq(world.posts.posts[0].title, "Goodbye");
    ck_assert_str_eq(result.post.title, "Goodbye");
    ck_assert_str_eq(result.post.content, "some content");
    ck_assert_int_eq(result.post.status, POST_STATUS_DRAFT);
    ck_assert_int_eq(result.post.author.id, BOB);
}
END_TEST

START_TEST(changes_content_and_status)
{
    command.title = NULL;
    command.content = "more";
    command.status = POST_STATUS_PUBLISHED;

    expect_ok(handle());

    ck_assert_str_eq(result.post.title, "Hello");
    ck_assert_str_eq(world.posts.posts[0].content, "more");
    ck_assert_int_eq(world.posts.posts[0].status, POST_STATUS_PUBLISHED);
}
END_TEST

START_TEST(gives_a_post_another_author)
{
    command.has_author_id = true;
    command.author_id = ANN;

    expect_ok(handle());

    ck_assert_int_eq(world.posts.posts[0].author_id, ANN);
    ck_assert_str_eq(result.post.author.email, "ann@example.org");
}
END_TEST

START_TEST(tells_the_world_as_the_author_would)
{
    expect_ok(handle());

    ck_assert_uint_eq(world_sent_count(), 1);
    ck_assert_ptr_nonnull(strstr(world_sent("posts.updated"), "\"title\":\"Goodbye\""));
}
END_TEST

START_TEST(writes_down_what_changed)
{
    command.has_author_id = true;
    command.author_id = ANN;
    command.status = POST_STATUS_DRAFT;

    expect_ok(handle());

    ck_assert_uint_eq(world.audit.count, 1);
    ck_assert_int_eq(world.audit.changes[0].object, CHANGED_OBJECT_POST);
    ck_assert_str_eq(world.audit.changes[0].label, "Goodbye");
    ck_assert_str_eq(world.audit.changes[0].fields,
                     "{\"fields\":[{\"field\":\"title\",\"old\":\"Hello\","
                     "\"new\":\"Goodbye\"},{\"field\":\"author\","
                     "\"old\":\"bob@example.org\",\"new\":\"ann@example.org\"}]}");
}
END_TEST

START_TEST(does_nothing_when_nothing_is_to_change)
{
    command.title = "Hello";
    command.status = POST_STATUS_DRAFT;
    command.has_author_id = true;
    command.author_id = BOB;
    int64_t updated_at = world.posts.posts[0].updated_at;

    expect_ok(handle());

    ck_assert_int_eq(result.post.updated_at, updated_at);
    ck_assert_uint_eq(world.audit.count, 0);
    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

START_TEST(refuses_an_author_who_is_not_there)
{
    command.has_author_id = true;
    command.author_id = 404;

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_ptr_nonnull(world_field_error("author_id"));
    ck_assert_str_eq(world.posts.posts[0].title, "Hello");
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
    tcase_add_test(tests, changes_a_post_of_another);
    tcase_add_test(tests, changes_content_and_status);
    tcase_add_test(tests, gives_a_post_another_author);
    tcase_add_test(tests, tells_the_world_as_the_author_would);
    tcase_add_test(tests, writes_down_what_changed);
    tcase_add_test(tests, does_nothing_when_nothing_is_to_change);
    tcase_add_test(tests, refuses_an_author_who_is_not_there);
    tcase_add_test(tests, does_not_find_a_post_that_is_not_there);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, does_nothing_that_it_cannot_write_down);
}
CHECK_MAIN("admin.change_post", add_tests)
