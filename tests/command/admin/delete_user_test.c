/* admin.delete_user: the staff deletes a user. */

#include "contracts/admin_delete_user.h"
#include "tests/command/world.h"

static struct admin_delete_user_command command;
static struct admin_delete_user_result result;

static void setup(void)
{
    world_setup();
    world_act_as_staff();
    command = (struct admin_delete_user_command){.user_id = BOB};
}

static enum err handle(void)
{
    result = (struct admin_delete_user_result){0};
    return admin_delete_user_handle(&world.ctx, &command, &result);
}

static struct fake_user *bob(void)
{
    return fake_user_store_get(&world.users, BOB);
}

START_TEST(deletes_a_user_with_sessions_and_posts)
{
    fake_session_store_add(&world.sessions, OLD_SESSION, BOB);
    (void)fake_post_store_add(&world.posts, BOB, "Hello", POST_STATUS_DRAFT);
    (void)fake_post_store_add(&world.posts, BOB, "Good day", POST_STATUS_PUBLISHED);

    expect_ok(handle());

    ck_assert_ptr_null(bob());
    ck_assert_uint_eq(world.sessions.count, 0);
    ck_assert_uint_eq(world.posts.count, 0);
    ck_assert_int_eq(result.posts, 2);
}
END_TEST

START_TEST(leaves_what_is_of_others)
{
    fake_session_store_add(&world.sessions, OLD_SESSION, ANN);
    (void)fake_post_store_add(&world.posts, ANN, "Hello", POST_STATUS_PUBLISHED);

    expect_ok(handle());

    ck_assert_ptr_nonnull(fake_user_store_get(&world.users, ANN));
    ck_assert_uint_eq(world.sessions.count, 1);
    ck_assert_uint_eq(world.posts.count, 1);
    ck_assert_int_eq(result.posts, 0);
    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

START_TEST(tells_the_world_of_each_post)
{
    (void)fake_post_store_add(&world.posts, BOB, "Hello", POST_STATUS_DRAFT);
    (void)fake_post_store_add(&world.posts, BOB, "Good day", POST_STATUS_PUBLISHED);

    expect_ok(handle());

    ck_assert_uint_eq(world_sent_count(), 2);
    ck_assert_pstr_eq(world_sent("posts.deleted"), "{\"post_id\":1,\"author_id\":2}");
}
END_TEST

START_TEST(writes_down_who_it_was)
{
    (void)fake_post_store_add(&world.posts, BOB, "Hello", POST_STATUS_DRAFT);

    expect_ok(handle());

    ck_assert_uint_eq(world.audit.count, 1);
    ck_assert_int_eq(world.audit.changes[0].object_id, BOB);
    ck_assert_str_eq(world.audit.changes[0].label, "bob@example.org");
    ck_assert_str_eq(world.audit.changes[0].fields,
                     "{\"fields\":[{\"field\":\"email\",\"old\":\"bob@example.org\",\"new\":null},"
                     "{\"field\":\"is_active\",\"old\":\"true\",\"new\":\"false\"},"
                     "{\"field\":\"posts\",\"old\":\"1\",\"new\":null}]}");
}
END_TEST

START_TEST(lets_nobody_delete_themselves)
{
    command.user_id = ANN;

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_str_eq(world_field_error("user_id"), "You cannot delete yourself");
    ck_assert_ptr_nonnull(fake_user_store_get(&world.users, ANN));
}
END_TEST

START_TEST(lets_only_a_superuser_delete_a_superuser)
{
    bob()->is_staff = bob()->is_superuser = true;
    expect_err(ERR_ACCESS_DENIED, handle());
    ck_assert_ptr_nonnull(bob());

    world_act_as_superuser();
    expect_ok(handle());
    ck_assert_ptr_null(bob());
}
END_TEST

/* Bob has more posts than can be deleted at once: the store finds as many as it is asked for. */
static enum err remove_too_many(struct post_store *self, struct ctx *ctx, int64_t author_id,
                                size_t max, int64_t **ret_ids, size_t *ret_count)
{
    (void)self;
    (void)author_id;
    *ret_ids = arena_alloc(ctx->arena, max * sizeof(**ret_ids));
    *ret_count = max;
    return OK;
}

START_TEST(refuses_a_user_with_too_many_posts)
{
    struct post_store_ops ops = *world.posts.base.ops;
    ops.remove_of = remove_too_many;
    world.posts.base.ops = &ops;

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_ptr_nonnull(world_field_error("user_id"));
    ck_assert_ptr_nonnull(bob());
    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

START_TEST(does_not_find_a_user_that_is_not_there)
{
    command.user_id = 404;

    expect_err(ERR_NOT_FOUND, handle());

    ck_assert_str_eq(world.ctx.problem.detail, "There is no such user");
}
END_TEST

START_TEST(refuses_whoever_is_not_staff)
{
    world.ctx.is_staff = false;
    expect_err(ERR_ACCESS_DENIED, handle());

    world.ctx.user_id = NOBODY;
    expect_err(ERR_ACCESS_DENIED, handle());

    ck_assert_uint_eq(world.audit.count, 0);
    ck_assert_ptr_nonnull(bob());
}
END_TEST

START_TEST(does_nothing_that_it_cannot_write_down)
{
    world.audit.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, handle());
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, deletes_a_user_with_sessions_and_posts);
    tcase_add_test(tests, leaves_what_is_of_others);
    tcase_add_test(tests, tells_the_world_of_each_post);
    tcase_add_test(tests, writes_down_who_it_was);
    tcase_add_test(tests, lets_nobody_delete_themselves);
    tcase_add_test(tests, lets_only_a_superuser_delete_a_superuser);
    tcase_add_test(tests, refuses_a_user_with_too_many_posts);
    tcase_add_test(tests, does_not_find_a_user_that_is_not_there);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, does_nothing_that_it_cannot_write_down);
}
CHECK_MAIN("admin.delete_user", add_tests)
