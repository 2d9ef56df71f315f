/* admin.change_user: the staff changes a user's address and flags. */

#include "contracts/admin_change_user.h"
#include "tests/command/world.h"

static struct admin_change_user_command command;
static struct admin_change_user_result result;

static void setup(void)
{
    world_setup();
    world_act_as_staff();
    command = (struct admin_change_user_command){.user_id = BOB, .email = "Bob@example.net"};
}

static enum err handle(void)
{
    result = (struct admin_change_user_result){0};
    return admin_change_user_handle(&world.ctx, &command, &result);
}

static struct fake_user *bob(void)
{
    return fake_user_store_get(&world.users, BOB);
}

START_TEST(changes_the_address)
{
    expect_ok(handle());

    ck_assert_str_eq(bob()->email, "Bob@example.net");
    ck_assert_str_eq(result.user.email, "Bob@example.net");
    ck_assert_int_eq(result.user.id, BOB);
    ck_assert(result.user.is_active);
    ck_assert(!result.user.has_last_login);
    ck_assert_int_eq(result.user.created_at, bob()->created_at);
}
END_TEST

START_TEST(leaves_as_it_is_what_is_left_out)
{
    expect_ok(handle());

    ck_assert(bob()->is_active);
    ck_assert(!bob()->is_staff);
    ck_assert(!bob()->is_superuser);
    ck_assert_str_eq(bob()->password_hash, "hash of bob's");
}
END_TEST

START_TEST(writes_down_who_changed_what)
{
    world_act_as_superuser();
    command.has_is_staff = command.is_staff = true;

    expect_ok(handle());

    ck_assert_uint_eq(world.audit.count, 1);
    const struct fake_change *change = &world.audit.changes[0];
    ck_assert_int_eq(change->user_id, ANN);
    ck_assert_int_eq(change->object, CHANGED_OBJECT_USER);
    ck_assert_int_eq(change->object_id, BOB);
    ck_assert_str_eq(change->label, "Bob@example.net");
    ck_assert_str_eq(change->fields,
                     "{\"fields\":[{\"field\":\"email\",\"old\":\"bob@example.org\","
                     "\"new\":\"Bob@example.net\"},{\"field\":\"is_staff\","
                     "\"old\":\"false\",\"new\":\"true\"}]}");
}
END_TEST

START_TEST(does_nothing_when_nothing_is_to_change)
{
    command.email = "bob@example.org";
    command.has_is_active = command.is_active = true;

    expect_ok(handle());

    ck_assert_uint_eq(world.audit.count, 0);
    ck_assert_str_eq(result.user.email, "bob@example.org");
}
END_TEST

START_TEST(ends_the_sessions_of_who_is_deactivated)
{
    fake_session_store_add(&world.sessions, OLD_SESSION, BOB);
    fake_session_store_add(&world.sessions, NEW_SESSION, ANN);
    command.has_is_active = true;

    expect_ok(handle());

    ck_assert(!bob()->is_active);
    ck_assert_ptr_null(fake_session_store_get(&world.sessions, OLD_SESSION));
    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, NEW_SESSION));
}
END_TEST

START_TEST(leaves_the_sessions_alone_otherwise)
{
    fake_session_store_add(&world.sessions, OLD_SESSION, BOB);

    expect_ok(handle());

    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, OLD_SESSION));
}
END_TEST

START_TEST(activates_a_user)
{
    bob()->is_active = false;
    command.has_is_active = command.is_active = true;

    expect_ok(handle());

    ck_assert(bob()->is_active);
}
END_TEST

START_TEST(lets_a_superuser_grant_rights)
{
    world_act_as_superuser();
    command.has_is_staff = command.is_staff = true;
    command.has_is_superuser = command.is_superuser = true;

    expect_ok(handle());

    ck_assert(bob()->is_staff);
    ck_assert(bob()->is_superuser);
    ck_assert(result.user.is_superuser);
}
END_TEST

START_TEST(lets_a_superuser_take_rights)
{
    bob()->is_staff = bob()->is_superuser = true;
    world_act_as_superuser();
    command.has_is_staff = command.has_is_superuser = true;

    expect_ok(handle());

    ck_assert(!bob()->is_staff);
    ck_assert(!bob()->is_superuser);
}
END_TEST

START_TEST(refuses_rights_that_only_a_superuser_may_grant)
{
    command.has_is_staff = command.is_staff = true;
    expect_err(ERR_ACCESS_DENIED, handle());

    command.has_is_staff = false;
    command.has_is_superuser = command.is_superuser = true;
    expect_err(ERR_ACCESS_DENIED, handle());

    ck_assert(!bob()->is_staff);
    ck_assert(!bob()->is_superuser);
    ck_assert_str_eq(bob()->email, "bob@example.org");
    ck_assert_uint_eq(world.audit.count, 0);
}
END_TEST

START_TEST(refuses_to_take_rights_that_only_a_superuser_may_take)
{
    bob()->is_staff = true;
    command.has_is_staff = true;

    expect_err(ERR_ACCESS_DENIED, handle());

    ck_assert(bob()->is_staff);
}
END_TEST

START_TEST(does_not_mind_rights_that_stay_as_they_are)
{
    bob()->is_staff = true;
    command.has_is_staff = command.is_staff = true;
    command.has_is_superuser = true;

    expect_ok(handle());

    ck_assert_str_eq(bob()->email, "Bob@example.net");
}
END_TEST

START_TEST(lets_only_a_superuser_change_a_superuser)
{
    bob()->is_staff = bob()->is_superuser = true;
    expect_err(ERR_ACCESS_DENIED, handle());
    ck_assert_str_eq(bob()->email, "bob@example.org");

    world_act_as_superuser();
    expect_ok(handle());
    ck_assert_str_eq(bob()->email, "Bob@example.net");
}
END_TEST

START_TEST(lets_nobody_take_their_own_flags_away)
{
    struct fake_user *ann = fake_user_store_get(&world.users, ANN);
    ann->is_staff = ann->is_superuser = true;
    world_act_as_superuser();
    command = (struct admin_change_user_command){
        .user_id = ANN, .has_is_active = true, .has_is_staff = true, .has_is_superuser = true};

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_ptr_nonnull(world_field_error("is_active"));
    ck_assert_ptr_nonnull(world_field_error("is_staff"));
    ck_assert_ptr_nonnull(world_field_error("is_superuser"));
    ck_assert(ann->is_active);
    ck_assert(ann->is_staff);
    ck_assert(ann->is_superuser);
}
END_TEST

START_TEST(lets_everybody_on_the_staff_change_their_own_address)
{
    struct fake_user *ann = fake_user_store_get(&world.users, ANN);
    ann->is_staff = true;
    command.user_id = ANN;

    expect_ok(handle());

    ck_assert_str_eq(ann->email, "Bob@example.net");
}
END_TEST

START_TEST(refuses_a_superuser_who_is_not_staff)
{
    world_act_as_superuser();
    command.has_is_superuser = command.is_superuser = true;

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_ptr_nonnull(world_field_error("is_staff"));
    ck_assert(!bob()->is_superuser);
}
END_TEST

START_TEST(refuses_an_address_that_is_taken_in_any_case)
{
    command.email = "ANN@example.org";

    expect_err(ERR_USER_ALREADY_EXISTS, handle());

    ck_assert_str_eq(world.ctx.problem.detail, "User with this Email already exists");
    ck_assert_str_eq(bob()->email, "bob@example.org");
    ck_assert_uint_eq(world.audit.count, 0);
}
END_TEST

START_TEST(does_not_find_a_user_that_is_not_there)
{
    command.user_id = 404;

    expect_err(ERR_NOT_FOUND, handle());

    ck_assert_str_eq(world.ctx.problem.detail, "There is no such user");
}
END_TEST

START_TEST(does_not_take_trouble_of_ours_for_a_missing_user)
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
    tcase_add_test(tests, changes_the_address);
    tcase_add_test(tests, leaves_as_it_is_what_is_left_out);
    tcase_add_test(tests, writes_down_who_changed_what);
    tcase_add_test(tests, does_nothing_when_nothing_is_to_change);
    tcase_add_test(tests, ends_the_sessions_of_who_is_deactivated);
    tcase_add_test(tests, leaves_the_sessions_alone_otherwise);
    tcase_add_test(tests, activates_a_user);
    tcase_add_test(tests, lets_a_superuser_grant_rights);
    tcase_add_test(tests, lets_a_superuser_take_rights);
    tcase_add_test(tests, refuses_rights_that_only_a_superuser_may_grant);
    tcase_add_test(tests, refuses_to_take_rights_that_only_a_superuser_may_take);
    tcase_add_test(tests, does_not_mind_rights_that_stay_as_they_are);
    tcase_add_test(tests, lets_only_a_superuser_change_a_superuser);
    tcase_add_test(tests, lets_nobody_take_their_own_flags_away);
    tcase_add_test(tests, lets_everybody_on_the_staff_change_their_own_address);
    tcase_add_test(tests, refuses_a_superuser_who_is_not_staff);
    tcase_add_test(tests, refuses_an_address_that_is_taken_in_any_case);
    tcase_add_test(tests, does_not_find_a_user_that_is_not_there);
    tcase_add_test(tests, does_not_take_trouble_of_ours_for_a_missing_user);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, does_nothing_that_it_cannot_write_down);
}
CHECK_MAIN("admin.change_user", add_tests)
