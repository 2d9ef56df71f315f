/* users.login: a user signs in, and nobody learns why another cannot. */

#include "contracts/users_login.h"
#include "tests/command/world.h"

static struct users_login_command command; /* Ann's */
static struct users_login_result result;

static void setup(void)
{
    world_setup();
    world.ctx.user_id = NOBODY;
    command = (struct users_login_command){
        .username = "ann@example.org",
        .password = ANNS_PASSWORD,
    };
}

static void expect_the_one_refusal(void)
{
    expect_err(ERR_AUTHENTICATION_FAILED, users_login_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(world.ctx.problem.err, ERR_AUTHENTICATION_FAILED);
    ck_assert_str_eq(world.ctx.problem.detail, "Invalid username or password");
    ck_assert_uint_eq(world.passwords.check_count, 1); /* takes the time of one hash */
    ck_assert_uint_eq(world.sessions.count, 0);
    ck_assert_int_eq(fake_user_store_get(&world.users, ANN)->last_login, 0);
}

START_TEST(answers_with_the_user)
{
    expect_ok(users_login_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(result.user.id, ANN);
    ck_assert_str_eq(result.user.email, "ann@example.org");
    ck_assert(!result.user.is_staff);
}
END_TEST

START_TEST(says_who_is_staff)
{
    fake_user_store_get(&world.users, ANN)->is_staff = true;

    expect_ok(users_login_handle(&world.ctx, &command, &result));

    ck_assert(result.user.is_staff);
}
END_TEST

START_TEST(knows_the_address_in_any_case)
{
    command.username = "Ann@EXAMPLE.org";

    expect_ok(users_login_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(result.user.email, "ann@example.org");
}
END_TEST

START_TEST(notes_when_the_user_logged_in)
{
    expect_ok(users_login_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(fake_user_store_get(&world.users, ANN)->last_login, world.ctx.now_us);
    ck_assert_int_eq(fake_user_store_get(&world.users, BOB)->last_login, 0);
}
END_TEST

START_TEST(starts_the_session_that_is_asked_for)
{
    world.ctx.new_session = NEW_SESSION;

    expect_ok(users_login_handle(&world.ctx, &command, &result));

    const struct fake_session *session = fake_session_store_get(&world.sessions, NEW_SESSION);
    ck_assert_ptr_nonnull(session);
    ck_assert_int_eq(session->user_id, ANN);
}
END_TEST

START_TEST(ends_the_session_it_came_with)
{
    fake_session_store_add(&world.sessions, OLD_SESSION, BOB);
    world.ctx.session = OLD_SESSION;
    world.ctx.new_session = NEW_SESSION;

    expect_ok(users_login_handle(&world.ctx, &command, &result));

    ck_assert_ptr_null(fake_session_store_get(&world.sessions, OLD_SESSION));
    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, NEW_SESSION));
}
END_TEST

START_TEST(touches_no_session_unless_one_is_asked_for)
{
    fake_session_store_add(&world.sessions, OLD_SESSION, BOB);
    world.ctx.session = OLD_SESSION;

    expect_ok(users_login_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.sessions.count, 1);
    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, OLD_SESSION));
}
END_TEST

START_TEST(refuses_a_wrong_password)
{
    world.ctx.new_session = NEW_SESSION;
    command.password = "wrong horse";

    expect_the_one_refusal();
}
END_TEST

START_TEST(a_password_that_cannot_be_checked_is_no_wrong_one)
{
    world.passwords.check_fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, users_login_handle(&world.ctx, &command, &result));

    ck_assert_ptr_null(world.ctx.aftermath); /* and is not counted */
    ck_assert_uint_eq(world.sessions.count, 0);
}
END_TEST

START_TEST(refuses_an_unknown_address)
{
    world.ctx.new_session = NEW_SESSION;
    command.username = "nobody@example.org";

    expect_the_one_refusal();
}
END_TEST

START_TEST(refuses_a_deactivated_user)
{
    world.ctx.new_session = NEW_SESSION;
    fake_user_store_get(&world.users, ANN)->is_active = false;

    expect_the_one_refusal();
}
END_TEST

START_TEST(refuses_a_deactivated_user_with_a_wrong_password)
{
    fake_user_store_get(&world.users, ANN)->is_active = false;
    command.password = "wrong horse";

    expect_the_one_refusal();
}
END_TEST

START_TEST(keeps_the_session_it_came_with_when_it_refuses)
{
    fake_session_store_add(&world.sessions, OLD_SESSION, BOB);
    world.ctx.session = OLD_SESSION;
    world.ctx.new_session = NEW_SESSION;
    command.password = "wrong horse";

    expect_err(ERR_AUTHENTICATION_FAILED, users_login_handle(&world.ctx, &command, &result));

    ck_assert_ptr_nonnull(fake_session_store_get(&world.sessions, OLD_SESSION));
}
END_TEST

START_TEST(does_not_take_trouble_of_ours_for_a_wrong_password)
{
    world.users.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, users_login_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(is_unavailable_when_the_session_cannot_be_started)
{
    world.ctx.new_session = NEW_SESSION;
    world.sessions.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, users_login_handle(&world.ctx, &command, &result));
}
END_TEST

/* One login that fails, as the executor ends it. */
static void fail_once(void)
{
    world.ctx.aftermath = NULL;
    expect_err(ERR_AUTHENTICATION_FAILED, users_login_handle(&world.ctx, &command, &result));
    expect_ok(ctx_write_aftermath(&world.ctx));
}

static void fail_times(int times)
{
    command.password = "wrong horse";
    for (int i = 0; i < times; i++) {
        fail_once();
    }
    command.password = ANNS_PASSWORD;
}

static void expect_wait(int64_t seconds)
{
    int checks = (int)world.passwords.check_count;

    expect_err(ERR_TOO_MANY_ATTEMPTS, users_login_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(world.ctx.problem.retry_after_s, seconds);
    ck_assert_int_eq((int)world.passwords.check_count, checks); /* the password was not looked at */
}

START_TEST(lets_one_wait_longer_and_longer_after_ten_failures)
{
    world.ctx.client_address = "192.0.2.7";
    fail_times(10);
    expect_wait(1);

    fake_login_attempts_pass(&world.login_attempts, 1000);
    fail_times(1);
    expect_wait(2);

    fake_login_attempts_pass(&world.login_attempts, 2000);
    fail_times(1);
    expect_wait(4);
}
END_TEST

START_TEST(does_the_same_for_an_account_that_does_not_exist)
{
    command.username = "nobody@example.org";
    fail_times(10);

    expect_wait(1);
}
END_TEST

START_TEST(counts_none_of_the_tries_that_are_made_too_soon)
{
    fail_times(10);
    expect_wait(1);
    expect_wait(1);

    fake_login_attempts_pass(&world.login_attempts, 1000);

    expect_ok(users_login_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(keeps_nobody_waiting_for_failures_from_elsewhere)
{
    for (int network = 1; network <= 9; network++) {
        world.ctx.client_address = arena_printf(world.ctx.arena, "198.51.100.%d", network);
        fail_times(1);
    }
    world.ctx.client_address = "198.51.100.1";
    fail_times(9);
    expect_wait(1);

    world.ctx.client_address = "192.0.2.7";

    expect_ok(users_login_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(leaves_fewer_tries_free_while_the_account_is_attacked_from_everywhere)
{
    for (int network = 1; network <= 30; network++) {
        world.ctx.client_address = arena_printf(world.ctx.arena, "198.51.100.%d", network);
        fail_times(1);
    }

    world.ctx.client_address = "192.0.2.7";
    fail_times(3);

    expect_wait(1);
}
END_TEST

START_TEST(lets_an_address_wait_that_fails_a_hundred_times_with_any_account)
{
    world.ctx.client_address = "2001:db8::1";
    for (int account = 0; account < 50; account++) {
        command.username = arena_printf(world.ctx.arena, "%d@example.org", account % 10);
        fail_times(1);
    }
    world.ctx.client_address = "2001:db8::2"; /* the same customer's */
    for (int account = 0; account < 50; account++) {
        command.username = arena_printf(world.ctx.arena, "%d@example.org", 10 + account % 10);
        fail_times(1);
    }
    command.username = "ann@example.org";
    expect_wait(1);

    world.ctx.client_address = "2001:db8:0:1::1";
    expect_ok(users_login_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(forgets_failures_once_the_password_is_right)
{
    fail_times(9);
    expect_ok(users_login_handle(&world.ctx, &command, &result));

    fail_times(9);

    expect_ok(users_login_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(forgets_failures_with_time)
{
    fail_times(10);

    fake_login_attempts_pass(&world.login_attempts, 15 * 60 * 1000);

    fail_times(9);
    expect_ok(users_login_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(is_unavailable_when_attempts_cannot_be_counted)
{
    world.login_attempts.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, users_login_handle(&world.ctx, &command, &result));
}
END_TEST

static void add_throttle(TCase *tests)
{
    tcase_add_test(tests, lets_one_wait_longer_and_longer_after_ten_failures);
    tcase_add_test(tests, does_the_same_for_an_account_that_does_not_exist);
    tcase_add_test(tests, counts_none_of_the_tries_that_are_made_too_soon);
    tcase_add_test(tests, keeps_nobody_waiting_for_failures_from_elsewhere);
    tcase_add_test(tests, leaves_fewer_tries_free_while_the_account_is_attacked_from_everywhere);
    tcase_add_test(tests, lets_an_address_wait_that_fails_a_hundred_times_with_any_account);
    tcase_add_test(tests, forgets_failures_once_the_password_is_right);
    tcase_add_test(tests, forgets_failures_with_time);
    tcase_add_test(tests, is_unavailable_when_attempts_cannot_be_counted);
}

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, answers_with_the_user);
    tcase_add_test(tests, says_who_is_staff);
    tcase_add_test(tests, knows_the_address_in_any_case);
    tcase_add_test(tests, notes_when_the_user_logged_in);
    tcase_add_test(tests, starts_the_session_that_is_asked_for);
    tcase_add_test(tests, ends_the_session_it_came_with);
    tcase_add_test(tests, touches_no_session_unless_one_is_asked_for);
    tcase_add_test(tests, refuses_a_wrong_password);
    tcase_add_test(tests, a_password_that_cannot_be_checked_is_no_wrong_one);
    tcase_add_test(tests, refuses_an_unknown_address);
    tcase_add_test(tests, refuses_a_deactivated_user);
    tcase_add_test(tests, refuses_a_deactivated_user_with_a_wrong_password);
    tcase_add_test(tests, keeps_the_session_it_came_with_when_it_refuses);
    tcase_add_test(tests, does_not_take_trouble_of_ours_for_a_wrong_password);
    tcase_add_test(tests, is_unavailable_when_the_session_cannot_be_started);
    add_throttle(tests);
}
CHECK_MAIN("users.login", add_tests)
