/* Rules of the unit of work: the messages of one idempotency key are one command. */

#include "contracts/posts_update.h"
#include "contracts/users_change_password.h"
#include "contracts/users_login.h"
#include "contracts/users_logout.h"
#include "tests/adapters/unit_fixture.h"

#define KEY "1111111111111111111111111111111111111111111111111111111111111111"
#define OTHER_KEY "2222222222222222222222222222222222222222222222222222222222222222"
#define DIGEST_OF_D "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"

/* Two messages of Ann's with one key, by two sessions. */
static void setup_key(void)
{
    setup();
    world_add_session(DIGEST_OF_C, ann);
    first.envelope.idempotency_key = KEY;
    second.envelope.idempotency_key = KEY;
    second.envelope.session = DIGEST_OF_C;
}

static void commit_first(void)
{
    ck_assert_str_eq(begin(&first), "new");
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
}

START_TEST(the_same_users_message_of_the_same_key_gets_the_stored_result)
{
    commit_first();

    ck_assert_str_eq(begin(&second), "replay");

    expect_ok(stored.err);
    ck_assert_str_eq(stored.body, "{\"a\":1}");
    ck_assert_int_eq(second.ctx.user_id, ann);
}
END_TEST

START_TEST(a_stored_failure_is_the_keys_too)
{
    begin(&first);
    expect_ok(unit_fail(world.unit, &first.ctx, &failure));

    ck_assert_str_eq(begin(&second), "replay");

    expect_err(ERR_NOT_FOUND, stored.err);
    ck_assert(world_has_row(second.envelope.message_id, "not_found", WORLD_FINAL));
}
END_TEST

START_TEST(its_outcome_is_known_under_the_new_message_id_too)
{
    commit_first();
    ck_assert_str_eq(begin(&second), "replay");

    ck_assert(world_has_row(second.envelope.message_id, NULL, WORLD_FINAL));
    ck_assert_int_eq(world_row_user(second.envelope.message_id), ann);
    ck_assert_int_eq(world_count_identities(), 2);
    ck_assert_str_eq(begin(&second), "replay");
    ck_assert_str_eq(stored.body, "{\"a\":1}");
    ck_assert_int_eq(world_count_identities(), 2);
}
END_TEST

START_TEST(a_key_is_its_users_own)
{
    commit_first();
    second.envelope.session = DIGEST_OF_B;

    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_commit(world.unit, &second.ctx, &success));
}
END_TEST

START_TEST(nobodys_messages_have_their_message_id_only)
{
    first.envelope.session = NULL;
    second.envelope.session = NULL;
    commit_first();

    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_commit(world.unit, &second.ctx, &success));
}
END_TEST

START_TEST(another_key_is_another_command)
{
    commit_first();
    second.envelope.idempotency_key = OTHER_KEY;

    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_commit(world.unit, &second.ctx, &success));
}
END_TEST

START_TEST(other_fields_under_a_key_are_a_mismatch)
{
    commit_first();
    second.fingerprint[0] ^= 1;

    ck_assert_str_eq(begin(&second), "mismatch");
    ck_assert_int_eq(world_count_identities(), 1);
}
END_TEST

START_TEST(another_name_under_a_key_is_a_mismatch)
{
    commit_first();
    second.ctx.contract = &posts_update_contract;

    ck_assert_str_eq(begin(&second), "mismatch");
}
END_TEST

START_TEST(a_key_of_an_aborted_message_is_free)
{
    begin(&first);
    unit_abort(world.unit);

    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_commit(world.unit, &second.ctx, &success));
}
END_TEST

START_TEST(a_failure_that_may_be_tried_again_does_not_hold_the_key)
{
    begin(&first);
    fail_for_now(&first, ERR_EXPIRED);

    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_commit(world.unit, &second.ctx, &success));

    ck_assert(world_has_row(first.envelope.message_id, "expired", WORLD_NOT_FINAL));
}
END_TEST

START_TEST(what_failed_for_now_gets_what_its_key_has_done_since)
{
    begin(&first);
    fail_for_now(&first, ERR_EXPIRED);
    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_commit(world.unit, &second.ctx, &success));

    ck_assert_str_eq(begin(&first), "replay");

    ck_assert(world_has_row(first.envelope.message_id, NULL, WORLD_FINAL));
    ck_assert_int_eq(world_count_identities(), 2);
}
END_TEST

START_TEST(what_takes_a_place_over_takes_its_key_along)
{
    begin(&first);
    fail_for_now(&first, ERR_EXPIRED);
    commit_first();

    ck_assert_str_eq(begin(&second), "replay");
}
END_TEST

START_TEST(each_session_ends_by_itself_whatever_the_key)
{
    first.ctx.contract = &users_logout_contract;
    second.ctx.contract = &users_logout_contract;
    commit_first();

    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_commit(world.unit, &second.ctx, &success));
}
END_TEST

/* Bob's login with a key, by nobody, whose session is C. */
static void log_in_first(void)
{
    first.ctx.contract = &users_login_contract;
    first.envelope.session = NULL;
    ck_assert_str_eq(begin(&first), "new");
    expect_ok(session_store_start(world.sessions, &first.ctx, DIGEST_OF_C, bob));
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    repeat_first();
    second.envelope.new_session = DIGEST_OF_D;
}

START_TEST(a_login_with_a_key_is_the_same_from_whoever_knows_its_fields)
{
    log_in_first();
    second.envelope.session = DIGEST_OF_A;

    ck_assert_str_eq(begin(&second), "replay");

    ck_assert_int_eq(world_session_user(DIGEST_OF_D), bob);
}
END_TEST

START_TEST(a_repeated_login_ends_the_session_it_came_with)
{
    log_in_first();
    second.envelope.session = DIGEST_OF_A;

    begin(&second);

    ck_assert_int_eq(world_session_user(DIGEST_OF_A), NOBODY);
    ck_assert_int_eq(world_session_user(DIGEST_OF_C), bob);
}
END_TEST

START_TEST(a_login_with_a_key_and_another_password_is_a_mismatch)
{
    log_in_first();
    second.envelope.session = DIGEST_OF_A;
    second.fingerprint[0] ^= 1;

    ck_assert_str_eq(begin(&second), "mismatch");

    ck_assert_int_eq(world_session_user(DIGEST_OF_D), NOBODY);
    ck_assert_int_eq(world_session_user(DIGEST_OF_A), ann);
}
END_TEST

START_TEST(a_change_of_password_with_a_key_is_its_users)
{
    first.ctx.contract = &users_change_password_contract;
    ck_assert_str_eq(begin(&first), "new");
    expect_ok(session_store_start(world.sessions, &first.ctx, DIGEST_OF_C, ann));
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    repeat_first();
    second.envelope.new_session = DIGEST_OF_D;
    second.envelope.session = DIGEST_OF_B;

    ck_assert_str_eq(begin(&second), "mismatch");

    ck_assert_int_eq(world_session_user(DIGEST_OF_D), NOBODY);
}
END_TEST

START_TEST(a_login_without_a_key_is_its_senders)
{
    log_in_first();
    second.envelope.idempotency_key = NULL;
    second.envelope.session = DIGEST_OF_A;

    ck_assert_str_eq(begin(&second), "mismatch");
}
END_TEST

START_TEST(the_key_of_a_login_binds_no_other_message)
{
    first.ctx.contract = &users_login_contract;
    second.ctx.contract = &users_login_contract;
    commit_first();

    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_commit(world.unit, &second.ctx, &success));
}
END_TEST

static void add_commands(TCase *tests)
{
    tcase_add_test(tests, the_same_users_message_of_the_same_key_gets_the_stored_result);
    tcase_add_test(tests, a_stored_failure_is_the_keys_too);
    tcase_add_test(tests, its_outcome_is_known_under_the_new_message_id_too);
    tcase_add_test(tests, a_key_is_its_users_own);
    tcase_add_test(tests, nobodys_messages_have_their_message_id_only);
    tcase_add_test(tests, another_key_is_another_command);
    tcase_add_test(tests, other_fields_under_a_key_are_a_mismatch);
    tcase_add_test(tests, another_name_under_a_key_is_a_mismatch);
    tcase_add_test(tests, a_key_of_an_aborted_message_is_free);
    tcase_add_test(tests, a_failure_that_may_be_tried_again_does_not_hold_the_key);
    tcase_add_test(tests, what_failed_for_now_gets_what_its_key_has_done_since);
    tcase_add_test(tests, what_takes_a_place_over_takes_its_key_along);
}

static void add_sessions(TCase *tests)
{
    tcase_add_test(tests, each_session_ends_by_itself_whatever_the_key);
    tcase_add_test(tests, a_login_with_a_key_is_the_same_from_whoever_knows_its_fields);
    tcase_add_test(tests, a_repeated_login_ends_the_session_it_came_with);
    tcase_add_test(tests, a_login_with_a_key_and_another_password_is_a_mismatch);
    tcase_add_test(tests, a_login_without_a_key_is_its_senders);
    tcase_add_test(tests, a_change_of_password_with_a_key_is_its_users);
    tcase_add_test(tests, the_key_of_a_login_binds_no_other_message);
}

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup_key, teardown);
    add_commands(tests);
    add_sessions(tests);
}
CHECK_MAIN("unit_key", add_tests)
