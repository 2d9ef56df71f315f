/* users.register: somebody becomes a user and is signed in. */

#include "contracts/users_register.h"
#include "tests/command/world.h"

enum { EVE = 3 };

static struct users_register_command command; /* Eve's */
static struct users_register_result result;

static void setup(void)
{
    world_setup();
    world.ctx.user_id = NOBODY;
    command = (struct users_register_command){
        .email = "Eve@example.org",
        .password1 = "eve's password",
        .password2 = "eve's password",
    };
}

START_TEST(stores_the_user)
{
    expect_ok(users_register_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.users.count, 3);
    const struct fake_user *eve = fake_user_store_get(&world.users, EVE);
    ck_assert_str_eq(eve->email, "Eve@example.org");
    ck_assert(eve->is_active);
    ck_assert(!eve->is_staff);
    ck_assert(!eve->is_superuser);
}
END_TEST

START_TEST(stores_the_language_of_the_user)
{
    world.ctx.language = "de-AT,de;q=0.8";

    expect_ok(users_register_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(fake_user_store_get(&world.users, EVE)->language, "de-AT,de;q=0.8");
}
END_TEST

START_TEST(refuses_a_common_password)
{
    command.password1 = command.password2 = "PassWord1";

    expect_err(ERR_INVALID_INPUT, users_register_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(world_field_error("password1"), "This password is too common");
    ck_assert_uint_eq(world.users.count, 2);
}
END_TEST

START_TEST(stores_the_hash_of_the_password)
{
    expect_ok(users_register_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(fake_user_store_get(&world.users, EVE)->password_hash,
                     "hash of eve's password");
}
END_TEST

START_TEST(answers_with_the_user)
{
    expect_ok(users_register_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(result.user.id, EVE);
    ck_assert_str_eq(result.user.email, "Eve@example.org");
    ck_assert(!result.user.is_staff);
}
END_TEST

START_TEST(starts_the_session_that_is_asked_for)
{
    world.ctx.new_session = NEW_SESSION;

    expect_ok(users_register_handle(&world.ctx, &command, &result));

    const struct fake_session *session = fake_session_store_get(&world.sessions, NEW_SESSION);
    ck_assert_ptr_nonnull(session);
    ck_assert_int_eq(session->user_id, EVE);
}
END_TEST

START_TEST(ends_the_session_it_came_with)
{
    fake_session_store_add(&world.sessions, OLD_SESSION, ANN);
    world.ctx.session = OLD_SESSION;
    world.ctx.new_session = NEW_SESSION;

    expect_ok(users_register_handle(&world.ctx, &command, &result));

    ck_assert_ptr_null(fake_session_store_get(&world.sessions, OLD_SESSION));
    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, NEW_SESSION));
}
END_TEST

START_TEST(touches_no_session_unless_one_is_asked_for)
{
    fake_session_store_add(&world.sessions, OLD_SESSION, ANN);
    world.ctx.session = OLD_SESSION;

    expect_ok(users_register_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.sessions.count, 1);
    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, OLD_SESSION));
}
END_TEST

START_TEST(has_the_notification_sent)
{
    expect_ok(users_register_handle(&world.ctx, &command, &result));

    ck_assert_pstr_eq(world_sent("users.send_registration_notification"), "{\"user_id\":3}");
    ck_assert_uint_eq(world.mailer.count, 0); /* not by itself: only once all is stored */
}
END_TEST

START_TEST(tells_the_world)
{
    expect_ok(users_register_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world_sent_count(), 2);
    ck_assert_pstr_eq(world_sent("users.registered"),
                      "{\"user\":{\"id\":3,\"email\":\"Eve@example.org\",\"is_staff\":false}}");
}
END_TEST

START_TEST(refuses_two_passwords_that_differ)
{
    command.password2 = "eve's passwort";

    expect_err(ERR_INVALID_INPUT, users_register_handle(&world.ctx, &command, &result));

    ck_assert_ptr_nonnull(world_field_error("password2"));
    ck_assert_ptr_null(world_field_error("password1"));
    ck_assert_uint_eq(world.users.count, 2);
    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

START_TEST(refuses_an_address_that_is_taken)
{
    command.email = "ann@example.org";
    world.ctx.new_session = NEW_SESSION;

    expect_err(ERR_USER_ALREADY_EXISTS, users_register_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(world.ctx.problem.detail, "User with this Email already exists");
    ck_assert_uint_eq(world.users.count, 2);
    ck_assert_uint_eq(world.sessions.count, 0);
    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

START_TEST(refuses_an_address_that_is_taken_in_another_case)
{
    command.email = "ANN@Example.org";

    expect_err(ERR_USER_ALREADY_EXISTS, users_register_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(looks_at_the_passwords_before_the_address)
{
    command.email = "ann@example.org";
    command.password2 = "eve's passwort";

    expect_err(ERR_INVALID_INPUT, users_register_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(is_unavailable_when_there_is_no_memory_to_hash)
{
    world.passwords.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, users_register_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.users.count, 2);
}
END_TEST

START_TEST(tells_nobody_of_a_user_without_the_session)
{
    world.ctx.new_session = NEW_SESSION;
    world.sessions.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, users_register_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, stores_the_user);
    tcase_add_test(tests, stores_the_language_of_the_user);
    tcase_add_test(tests, refuses_a_common_password);
    tcase_add_test(tests, stores_the_hash_of_the_password);
    tcase_add_test(tests, answers_with_the_user);
    tcase_add_test(tests, starts_the_session_that_is_asked_for);
    tcase_add_test(tests, ends_the_session_it_came_with);
    tcase_add_test(tests, touches_no_session_unless_one_is_asked_for);
    tcase_add_test(tests, has_the_notification_sent);
    tcase_add_test(tests, tells_the_world);
    tcase_add_test(tests, refuses_two_passwords_that_differ);
    tcase_add_test(tests, refuses_an_address_that_is_taken);
    tcase_add_test(tests, refuses_an_address_that_is_taken_in_another_case);
    tcase_add_test(tests, looks_at_the_passwords_before_the_address);
    tcase_add_test(tests, is_unavailable_when_there_is_no_memory_to_hash);
    tcase_add_test(tests, tells_nobody_of_a_user_without_the_session);
}
CHECK_MAIN("users.register", add_tests)
