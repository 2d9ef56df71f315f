/* admin.change_users: the staff activates, deactivates or deletes several users. */

#include "contracts/admin_change_users.h"
#include "tests/command/world.h"

enum { CID = 3 };

static struct reference both[2];
static struct admin_change_users_command command;
static struct admin_change_users_result result;

static void setup(void)
{
    world_setup();
    world_act_as_staff();
    both[0].id = BOB;
    both[1].id = CID;
    (void)fake_user_store_add(&world.users, "cid@example.org");
    command = (struct admin_change_users_command){
        .users = both, .users_count = 2, .action = USER_ACTION_DEACTIVATE};
}

static enum err handle(void)
{
    result = (struct admin_change_users_result){0};
    return admin_change_users_handle(&world.ctx, &command, &result);
}

static bool is_active(int64_t id)
{
    return fake_user_store_get(&world.users, id)->is_active;
}

START_TEST(deactivates_users_and_ends_their_sessions)
{
    fake_session_store_add(&world.sessions, OLD_SESSION, BOB);
    fake_session_store_add(&world.sessions, NEW_SESSION, CID);

    expect_ok(handle());

    ck_assert(!is_active(BOB));
    ck_assert(!is_active(CID));
    ck_assert_uint_eq(world.sessions.count, 0);
    ck_assert_int_eq(result.changed, 2);
}
END_TEST

START_TEST(activates_users)
{
    fake_user_store_get(&world.users, BOB)->is_active = false;
    command.action = USER_ACTION_ACTIVATE;

    expect_ok(handle());

    ck_assert(is_active(BOB));
    ck_assert_int_eq(result.changed, 1); /* Cid was already */
    ck_assert_uint_eq(world.audit.count, 1);
}
END_TEST

START_TEST(deletes_users_with_their_posts)
{
    command.action = USER_ACTION_DELETE;
    (void)fake_post_store_add(&world.posts, BOB, "Hello", POST_STATUS_PUBLISHED);
    (void)fake_post_store_add(&world.posts, CID, "Good day", POST_STATUS_DRAFT);

    expect_ok(handle());

    ck_assert_int_eq(result.changed, 2);
    ck_assert_uint_eq(world.users.count, 1);
    ck_assert_uint_eq(world.posts.count, 0);
    ck_assert_uint_eq(world_sent_count(), 2);
    ck_assert_uint_eq(world.audit.count, 2);
}
END_TEST

START_TEST(lets_nobody_delete_themselves)
{
    command.action = USER_ACTION_DELETE;
    both[1].id = ANN;

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_str_eq(world_field_error("users"), "You cannot delete yourself");
}
END_TEST

START_TEST(writes_down_each_of_them)
{
    expect_ok(handle());

    ck_assert_uint_eq(world.audit.count, 2);
    ck_assert_int_eq(world.audit.changes[1].object_id, CID);
    ck_assert_str_eq(world.audit.changes[1].label, "cid@example.org");
    ck_assert_str_eq(world.audit.changes[1].fields,
                     "{\"fields\":[{\"field\":\"is_active\",\"old\":\"true\","
                     "\"new\":\"false\"}]}");
}
END_TEST

START_TEST(changes_them_in_the_order_of_their_ids)
{
    both[0].id = CID;
    both[1].id = BOB;

    expect_ok(handle());

    ck_assert_int_eq(world.audit.changes[0].object_id, BOB);
    ck_assert_int_eq(world.audit.changes[1].object_id, CID);
}
END_TEST

START_TEST(does_not_find_a_user_that_is_not_there)
{
    both[1].id = 404;

    expect_err(ERR_NOT_FOUND, handle());
}
END_TEST

START_TEST(lets_nobody_deactivate_themselves)
{
    both[1].id = ANN;

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_ptr_nonnull(world_field_error("users"));
    ck_assert(is_active(ANN));
}
END_TEST

START_TEST(takes_who_is_named_twice_once)
{
    both[1].id = BOB;

    expect_ok(handle());

    ck_assert_int_eq(result.changed, 1);
    ck_assert_uint_eq(world.audit.count, 1);
}
END_TEST

START_TEST(refuses_whoever_is_not_staff_any_more)
{
    fake_user_store_get(&world.users, ANN)->is_staff = false;
    expect_err(ERR_ACCESS_DENIED, handle());

    world_act_as_staff();
    fake_user_store_get(&world.users, ANN)->is_active = false;
    expect_err(ERR_ACCESS_DENIED, handle());

    ck_assert(is_active(BOB));
}
END_TEST

START_TEST(lets_only_a_superuser_deactivate_a_superuser)
{
    fake_user_store_get(&world.users, CID)->is_superuser = true;
    fake_user_store_get(&world.users, CID)->is_staff = true;
    expect_err(ERR_ACCESS_DENIED, handle());
    ck_assert(is_active(CID));

    world_act_as_superuser();
    expect_ok(handle());
    ck_assert(!is_active(CID));
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
    tcase_add_test(tests, deactivates_users_and_ends_their_sessions);
    tcase_add_test(tests, activates_users);
    tcase_add_test(tests, deletes_users_with_their_posts);
    tcase_add_test(tests, lets_nobody_delete_themselves);
    tcase_add_test(tests, writes_down_each_of_them);
    tcase_add_test(tests, changes_them_in_the_order_of_their_ids);
    tcase_add_test(tests, does_not_find_a_user_that_is_not_there);
    tcase_add_test(tests, lets_nobody_deactivate_themselves);
    tcase_add_test(tests, takes_who_is_named_twice_once);
    tcase_add_test(tests, refuses_whoever_is_not_staff_any_more);
    tcase_add_test(tests, lets_only_a_superuser_deactivate_a_superuser);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, does_nothing_that_it_cannot_write_down);
}
CHECK_MAIN("admin.change_users", add_tests)
