/* admin.add_user: the staff adds a user. */

#include "contracts/admin_add_user.h"
#include "tests/command/world.h"

enum { EVE = 3 };

static struct admin_add_user_command command;
static struct admin_add_user_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    command = (struct admin_add_user_command){
        .email = "Eve@example.org",
        .password1 = "eve's password",
        .password2 = "eve's password",
        .has_is_staff = true,
        .has_is_superuser = true,
    };
}

static enum err handle(void)
{
    result = (struct admin_add_user_result){0};
    return admin_add_user_handle(&world.ctx, &command, &result);
}

static const struct fake_user *eve(void)
{
    return fake_user_store_get(&world.users, EVE);
}

START_TEST(stores_the_user)
{
    expect_ok(handle());

    ck_assert_str_eq(eve()->email, "Eve@example.org");
    ck_assert_str_eq(eve()->password_hash, "hash of eve's password");
    ck_assert(eve()->is_active);
    ck_assert(!eve()->is_staff);
    ck_assert(!eve()->is_superuser);
}
END_TEST

START_TEST(answers_with_the_user)
{
    expect_ok(handle());

    ck_assert_int_eq(result.user.id, EVE);
    ck_assert_str_eq(result.user.email, "Eve@example.org");
    ck_assert(result.user.is_active);
    ck_assert(!result.user.has_last_login);
    ck_assert_int_eq(result.user.created_at, eve()->created_at);
}
END_TEST

START_TEST(starts_no_session)
{
    world.ctx.new_session = NEW_SESSION;

    expect_ok(handle());

    ck_assert_uint_eq(world.sessions.count, 0);
}
END_TEST

START_TEST(writes_it_down_without_the_password)
{
    expect_ok(handle());

    ck_assert_uint_eq(world.audit.count, 1);
    const struct fake_change *change = &world.audit.changes[0];
    ck_assert_int_eq(change->user_id, ANN);
    ck_assert_int_eq(change->object_id, EVE);
    ck_assert_str_eq(change->label, "Eve@example.org");
    ck_assert_str_eq(change->fields, "{\"fields\":[{\"field\":\"email\",\"old\":null,"
                                     "\"new\":\"Eve@example.org\"},{\"field\":\"is_active\","
                                     "\"old\":\"false\",\"new\":\"true\"},"
                                     "{\"field\":\"password\",\"old\":null,\"new\":null}]}");
}
END_TEST

START_TEST(lets_a_superuser_grant_rights)
{
    world.ctx.is_superuser = true;
    command.is_staff = command.is_superuser = true;

    expect_ok(handle());

    ck_assert(eve()->is_staff);
    ck_assert(eve()->is_superuser);
}
END_TEST

START_TEST(refuses_rights_that_only_a_superuser_may_grant)
{
    command.is_staff = true;

    expect_err(ERR_ACCESS_DENIED, handle());

    ck_assert_ptr_null(eve());
}
END_TEST

START_TEST(refuses_a_superuser_who_is_not_staff)
{
    world.ctx.is_superuser = true;
    command.is_superuser = true;

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_ptr_nonnull(world_field_error("is_staff"));
    ck_assert_ptr_null(eve());
}
END_TEST

START_TEST(refuses_two_passwords_that_differ)
{
    command.password2 = "eve's passwort";

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_ptr_nonnull(world_field_error("password2"));
    ck_assert_ptr_null(eve());
}
END_TEST

START_TEST(refuses_a_password_that_everybody_uses)
{
    command.password1 = command.password2 = "password";

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_ptr_nonnull(world_field_error("password1"));
    ck_assert_ptr_null(eve());
}
END_TEST

START_TEST(refuses_an_address_that_is_taken_in_any_case)
{
    command.email = "ANN@example.org";

    expect_err(ERR_USER_ALREADY_EXISTS, handle());

    ck_assert_str_eq(world.ctx.problem.detail, "User with this Email already exists");
    ck_assert_uint_eq(world.audit.count, 0);
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

START_TEST(writes_to_the_user_in_the_language_of_who_adds)
{
    world.ctx.language = "de";

    expect_ok(handle());

    ck_assert_str_eq(eve()->language, "de");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, stores_the_user);
    tcase_add_test(tests, writes_to_the_user_in_the_language_of_who_adds);
    tcase_add_test(tests, answers_with_the_user);
    tcase_add_test(tests, starts_no_session);
    tcase_add_test(tests, writes_it_down_without_the_password);
    tcase_add_test(tests, lets_a_superuser_grant_rights);
    tcase_add_test(tests, refuses_rights_that_only_a_superuser_may_grant);
    tcase_add_test(tests, refuses_a_superuser_who_is_not_staff);
    tcase_add_test(tests, refuses_two_passwords_that_differ);
    tcase_add_test(tests, refuses_a_password_that_everybody_uses);
    tcase_add_test(tests, refuses_an_address_that_is_taken_in_any_case);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, does_nothing_that_it_cannot_write_down);
}
CHECK_MAIN("admin.add_user", add_tests)
