/* users.change_password: a user who knows the old password gets a new one, and new sessions. */

#include "contracts/users_change_password.h"
#include "tests/command/world.h"

#define OTHER_SESSION "0000000000000000000000000000000000000000000000000000000000000003"

static struct users_change_password_command command; /* Ann's */
static struct users_change_password_result result;

static void setup(void)
{
    world_setup();
    fake_session_store_add(&world.sessions, OLD_SESSION, ANN);
    fake_session_store_add(&world.sessions, OTHER_SESSION, ANN);
    world.ctx.session = OLD_SESSION;
    world.ctx.new_session = NEW_SESSION;
    command = (struct users_change_password_command){
        .old_password = ANNS_PASSWORD,
        .new_password1 = "a better horse",
        .new_password2 = "a better horse",
    };
}

static void expect_nothing_done(void)
{
    ck_assert_str_eq(fake_user_store_get(&world.users, ANN)->password_hash,
                     "hash of " ANNS_PASSWORD);
    ck_assert_uint_eq(world.sessions.count, 2);
    ck_assert_ptr_null(fake_session_store_get(&world.sessions, NEW_SESSION));
}

static void expect_refusal(const char *field)
{
    expect_err(ERR_INVALID_INPUT, users_change_password_handle(&world.ctx, &command, &result));

    ck_assert_ptr_nonnull(world_field_error(field));
    ck_assert_ptr_null(world.ctx.problem.errors->next);
    expect_nothing_done();
}

START_TEST(stores_the_hash_of_the_new_one)
{
    expect_ok(users_change_password_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(fake_user_store_get(&world.users, ANN)->password_hash,
                     "hash of a better horse");
    ck_assert_str_eq(fake_user_store_get(&world.users, BOB)->password_hash, "hash of bob's");
}
END_TEST

START_TEST(answers_with_the_user)
{
    expect_ok(users_change_password_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(result.user.id, ANN);
    ck_assert_str_eq(result.user.email, "ann@example.org");
}
END_TEST

START_TEST(ends_all_sessions_and_renews_its_own)
{
    expect_ok(users_change_password_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.sessions.count, 1);
    ck_assert_int_eq(fake_session_store_get(&world.sessions, NEW_SESSION)->user_id, ANN);
    ck_assert_int_ne(fake_session_store_ended(&world.sessions, ANN), 0);
}
END_TEST

START_TEST(leaves_the_sessions_of_others_alone)
{
    fake_session_store_add(&world.sessions, OTHER_SESSION, BOB);

    expect_ok(users_change_password_handle(&world.ctx, &command, &result));

    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, OTHER_SESSION));
}
END_TEST

START_TEST(refuses_a_wrong_old_password)
{
    command.old_password = "wrong horse";

    expect_refusal("old_password");
}
END_TEST

START_TEST(a_password_that_cannot_be_checked_is_no_wrong_one)
{
    world.passwords.check_fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, users_change_password_handle(&world.ctx, &command, &result));

    ck_assert_ptr_null(world.ctx.aftermath); /* and is not counted */
    expect_nothing_done();
}
END_TEST

START_TEST(refuses_two_passwords_that_differ)
{
    command.new_password2 = "a better house";

    expect_refusal("new_password2");
}
END_TEST

START_TEST(refuses_a_common_password)
{
    command.new_password1 = command.new_password2 = "PassWord1";

    expect_refusal("new_password1");
}
END_TEST

/* Else it would tell the right one without being counted. */
START_TEST(looks_at_the_old_password_only_when_the_new_ones_will_do)
{
    command.new_password2 = "a better house";
    command.old_password = "wrong horse";

    expect_refusal("new_password2");

    ck_assert_uint_eq(world.passwords.check_count, 0);
}
END_TEST

START_TEST(counts_wrong_old_passwords_as_failed_logins)
{
    command.old_password = "wrong horse";
    for (int i = 0; i < 10; i++) {
        world.ctx.aftermath = NULL;
        expect_refusal("old_password");
        expect_ok(ctx_write_aftermath(&world.ctx));
    }
    command.old_password = ANNS_PASSWORD;

    expect_err(ERR_TOO_MANY_ATTEMPTS, users_change_password_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(world.ctx.problem.retry_after_s, 1);
    expect_nothing_done();
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;

    expect_err(ERR_ACCESS_DENIED, users_change_password_handle(&world.ctx, &command, &result));

    expect_nothing_done();
}
END_TEST

START_TEST(takes_a_user_who_has_just_gone_for_nobody)
{
    world.users.count = 0;

    expect_err(ERR_ACCESS_DENIED, users_change_password_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(is_unavailable_when_there_is_no_memory_to_hash)
{
    world.passwords.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, users_change_password_handle(&world.ctx, &command, &result));

    expect_nothing_done();
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, stores_the_hash_of_the_new_one);
    tcase_add_test(tests, answers_with_the_user);
    tcase_add_test(tests, ends_all_sessions_and_renews_its_own);
    tcase_add_test(tests, leaves_the_sessions_of_others_alone);
    tcase_add_test(tests, refuses_a_wrong_old_password);
    tcase_add_test(tests, a_password_that_cannot_be_checked_is_no_wrong_one);
    tcase_add_test(tests, refuses_two_passwords_that_differ);
    tcase_add_test(tests, refuses_a_common_password);
    tcase_add_test(tests, looks_at_the_old_password_only_when_the_new_ones_will_do);
    tcase_add_test(tests, counts_wrong_old_passwords_as_failed_logins);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, takes_a_user_who_has_just_gone_for_nobody);
    tcase_add_test(tests, is_unavailable_when_there_is_no_memory_to_hash);
}
CHECK_MAIN("users.change_password", add_tests)
