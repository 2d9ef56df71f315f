/* admin.set_password: the staff gives a user a new password. */

#include "contracts/admin_set_password.h"
#include "tests/command/world.h"

static struct admin_set_password_command command;
static struct admin_set_password_result result;

static void setup(void)
{
    world_setup();
    world_act_as_staff();
    command = (struct admin_set_password_command){
        .user_id = BOB,
        .password1 = "bob's new password",
        .password2 = "bob's new password",
    };
}

static enum err handle(void)
{
    result = (struct admin_set_password_result){0};
    return admin_set_password_handle(&world.ctx, &command, &result);
}

static struct fake_user *bob(void)
{
    return fake_user_store_get(&world.users, BOB);
}

START_TEST(stores_the_hash_of_the_password)
{
    expect_ok(handle());

    ck_assert_str_eq(bob()->password_hash, "hash of bob's new password");
    ck_assert_int_eq(result.user.id, BOB);
    ck_assert_str_eq(result.user.email, "bob@example.org");
}
END_TEST

START_TEST(ends_the_sessions_of_the_user)
{
    fake_session_store_add(&world.sessions, OLD_SESSION, BOB);
    fake_session_store_add(&world.sessions, NEW_SESSION, ANN);

    expect_ok(handle());

    ck_assert_ptr_null(fake_session_store_get(&world.sessions, OLD_SESSION));
    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, NEW_SESSION));
}
END_TEST

START_TEST(writes_it_down_without_the_password)
{
    expect_ok(handle());

    ck_assert_uint_eq(world.audit.count, 1);
    ck_assert_int_eq(world.audit.changes[0].object_id, BOB);
    ck_assert_str_eq(world.audit.changes[0].fields,
                     "{\"fields\":[{\"field\":\"password\",\"old\":null,\"new\":null}]}");
}
END_TEST

START_TEST(refuses_two_passwords_that_differ)
{
    command.password2 = "bob's other password";

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_ptr_nonnull(world_field_error("password2"));
    ck_assert_str_eq(bob()->password_hash, "hash of bob's");
}
END_TEST

START_TEST(refuses_a_password_that_everybody_uses)
{
    command.password1 = command.password2 = "password";

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_ptr_nonnull(world_field_error("password1"));
}
END_TEST

START_TEST(lets_only_a_superuser_set_that_of_a_superuser)
{
    bob()->is_staff = bob()->is_superuser = true;
    expect_err(ERR_ACCESS_DENIED, handle());
    ck_assert_str_eq(bob()->password_hash, "hash of bob's");

    world_act_as_superuser();
    expect_ok(handle());
    ck_assert_str_eq(bob()->password_hash, "hash of bob's new password");
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
    tcase_add_test(tests, stores_the_hash_of_the_password);
    tcase_add_test(tests, ends_the_sessions_of_the_user);
    tcase_add_test(tests, writes_it_down_without_the_password);
    tcase_add_test(tests, refuses_two_passwords_that_differ);
    tcase_add_test(tests, refuses_a_password_that_everybody_uses);
    tcase_add_test(tests, lets_only_a_superuser_set_that_of_a_superuser);
    tcase_add_test(tests, does_not_find_a_user_that_is_not_there);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, does_nothing_that_it_cannot_write_down);
}
CHECK_MAIN("admin.set_password", add_tests)
