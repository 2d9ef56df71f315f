/* Rules of the unit of work: who acts, and what a repeated message gets. */

#include "contracts/users_change_password.h"
#include "contracts/users_login.h"
#include "contracts/users_logout.h"
#include "tests/adapters/unit_fixture.h"

START_TEST(a_session_says_who_acts)
{
    begin(&first);

    ck_assert_int_eq(first.ctx.user_id, ann);
}
END_TEST

START_TEST(a_user_id_says_who_acts)
{
    second.envelope.has_user_id = true;
    second.envelope.user_id = bob;

    begin(&second);

    ck_assert_int_eq(second.ctx.user_id, bob);
}
END_TEST

START_TEST(the_rights_of_who_acts_are_told)
{
    world_make_staff(bob);
    second.envelope.session = DIGEST_OF_B;

    begin(&first);
    ck_assert(!first.ctx.is_staff);
    begin(&second);
    ck_assert(second.ctx.is_staff);
    ck_assert(!second.ctx.is_superuser);
}
END_TEST

START_TEST(the_rights_of_who_acts_by_user_id_are_told)
{
    world_make_superuser(bob);
    second.envelope.has_user_id = true;
    second.envelope.user_id = bob;

    begin(&second);

    ck_assert(!second.ctx.is_staff);
    ck_assert(second.ctx.is_superuser);
}
END_TEST

START_TEST(nobody_has_no_rights)
{
    world_make_staff(ann);
    world_deactivate(ann);
    first.ctx.is_staff = first.ctx.is_superuser = true; /* to be overwritten */
    second.ctx.is_staff = second.ctx.is_superuser = true;

    begin(&first);
    ck_assert(!first.ctx.is_staff);
    ck_assert(!first.ctx.is_superuser);
    begin(&second);
    ck_assert(!second.ctx.is_staff);
    ck_assert(!second.ctx.is_superuser);
}
END_TEST

START_TEST(without_either_nobody_acts)
{
    begin(&second);

    ck_assert_int_eq(second.ctx.user_id, NOBODY);
}
END_TEST

START_TEST(an_unknown_session_is_nobodys)
{
    first.envelope.session = DIGEST_OF_C;

    begin(&first);

    ck_assert_int_eq(first.ctx.user_id, NOBODY);
}
END_TEST

START_TEST(an_expired_session_is_nobodys)
{
    world_expire_session(DIGEST_OF_A);

    begin(&first);

    ck_assert_int_eq(first.ctx.user_id, NOBODY);
}
END_TEST

START_TEST(a_deactivated_user_is_nobody)
{
    world_deactivate(ann);
    second.envelope.has_user_id = true;
    second.envelope.user_id = ann;

    begin(&first);
    ck_assert_int_eq(first.ctx.user_id, NOBODY);
    unit_abort(world.unit);
    begin(&second);
    ck_assert_int_eq(second.ctx.user_id, NOBODY);
}
END_TEST

START_TEST(an_unknown_user_id_is_nobody)
{
    second.envelope.has_user_id = true;
    second.envelope.user_id = INT64_C(-9007199254740991);

    begin(&second);

    ck_assert_int_eq(second.ctx.user_id, NOBODY);
}
END_TEST

START_TEST(the_same_message_again_gets_the_stored_result)
{
    do_first();

    ck_assert_str_eq(begin(&second), "replay");

    expect_ok(stored.err);
    ck_assert_str_eq(stored.body, "{\"a\":1}");
    ck_assert_uint_eq(stored.body_size, 7);
    ck_assert_int_eq(second.ctx.user_id, ann);
}
END_TEST

START_TEST(after_a_replay_the_next_message_is_new)
{
    do_first();
    ck_assert_str_eq(begin(&second), "replay");

    struct message third;
    message_open(&third, &posts_create_contract);
    ck_assert_str_eq(begin(&third), "new");
    expect_ok(unit_commit(world.unit, &third.ctx, &success));
    message_close(&third);
    ck_assert_int_eq(world_count_identities(), 2);
}
END_TEST

START_TEST(the_same_user_in_another_session_gets_the_stored_result)
{
    do_first();
    world_add_session(DIGEST_OF_C, ann);
    second.envelope.session = DIGEST_OF_C;

    ck_assert_str_eq(begin(&second), "replay");
}
END_TEST

START_TEST(the_same_anonymous_message_gets_the_stored_result)
{
    first.envelope.session = NULL;
    do_first();

    ck_assert_str_eq(begin(&second), "replay");
}
END_TEST

START_TEST(another_users_message_is_a_mismatch)
{
    do_first();
    second.envelope.session = DIGEST_OF_B;

    ck_assert_str_eq(begin(&second), "mismatch");
}
END_TEST

START_TEST(nobodys_message_is_a_mismatch_with_a_users)
{
    do_first();
    second.envelope.session = NULL;

    ck_assert_str_eq(begin(&second), "mismatch");
}
END_TEST

START_TEST(a_users_message_is_a_mismatch_with_nobodys)
{
    first.envelope.session = NULL;
    do_first();
    second.envelope.session = DIGEST_OF_A;

    ck_assert_str_eq(begin(&second), "mismatch");
}
END_TEST

START_TEST(another_name_is_a_mismatch)
{
    do_first();
    second.ctx.contract = &users_logout_contract;

    ck_assert_str_eq(begin(&second), "mismatch");
}
END_TEST

START_TEST(another_body_is_a_mismatch)
{
    do_first();
    second.fingerprint[31] ^= 1;

    ck_assert_str_eq(begin(&second), "mismatch");
}
END_TEST

START_TEST(a_repeated_logout_finds_its_reply_by_the_session_it_ended)
{
    first.ctx.contract = &users_logout_contract;
    ck_assert_str_eq(begin(&first), "new");
    expect_ok(session_store_end(world.sessions, &first.ctx, DIGEST_OF_A));
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    repeat_first();

    ck_assert_str_eq(begin(&second), "replay");

    ck_assert_int_eq(second.ctx.user_id, NOBODY);
}
END_TEST

static void log_in_first(void)
{
    first.ctx.contract = &users_login_contract;
    first.envelope.session = NULL;
    ck_assert_str_eq(begin(&first), "new");
    expect_ok(session_store_start(world.sessions, &first.ctx, DIGEST_OF_C, bob));
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    repeat_first();
    second.envelope.new_session =
        "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";
}

START_TEST(a_repeated_login_starts_the_session_it_now_asks_for)
{
    log_in_first();

    ck_assert_str_eq(begin(&second), "replay");

    ck_assert_int_eq(world_session_user(second.envelope.new_session), bob);
}
END_TEST

START_TEST(a_repeated_login_of_a_deactivated_user_starts_none)
{
    log_in_first();
    world_deactivate(bob);

    ck_assert_str_eq(begin(&second), "replay");

    ck_assert_int_eq(world_session_user(second.envelope.new_session), NOBODY);
}
END_TEST

START_TEST(a_repeated_login_from_before_all_sessions_were_ended_starts_none)
{
    log_in_first();
    expect_ok(session_store_end_all(world.sessions, &first.ctx, bob));

    ck_assert_str_eq(begin(&second), "replay");

    ck_assert_int_eq(world_session_user(DIGEST_OF_C), NOBODY);
    ck_assert_int_eq(world_session_user(second.envelope.new_session), NOBODY);
}
END_TEST

START_TEST(what_has_ended_all_sessions_and_started_one_may_be_repeated)
{
    first.ctx.contract = &users_change_password_contract;
    ck_assert_str_eq(begin(&first), "new");
    expect_ok(session_store_end_all(world.sessions, &first.ctx, ann));
    expect_ok(session_store_start(world.sessions, &first.ctx, DIGEST_OF_C, ann));
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    repeat_first();
    second.envelope.new_session =
        "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd";

    ck_assert_str_eq(begin(&second), "replay");

    ck_assert_int_eq(world_session_user(second.envelope.new_session), ann);
}
END_TEST

START_TEST(a_mismatched_login_starts_none)
{
    log_in_first();
    second.fingerprint[0] ^= 1;

    ck_assert_str_eq(begin(&second), "mismatch");

    ck_assert_int_eq(world_session_user(second.envelope.new_session), NOBODY);
}
END_TEST

START_TEST(a_repeated_failed_login_starts_none)
{
    first.ctx.contract = &users_login_contract;
    first.envelope.session = NULL;
    begin(&first);
    expect_ok(session_store_start(world.sessions, &first.ctx, DIGEST_OF_C, bob));
    expect_ok(unit_fail(world.unit, &first.ctx, &failure));
    repeat_first();
    second.envelope.new_session = DIGEST_OF_C;

    ck_assert_str_eq(begin(&second), "replay");

    ck_assert_int_eq(world_session_user(DIGEST_OF_C), NOBODY);
}
END_TEST

static void add_callers(TCase *tests)
{
    tcase_add_test(tests, a_session_says_who_acts);
    tcase_add_test(tests, a_user_id_says_who_acts);
    tcase_add_test(tests, the_rights_of_who_acts_are_told);
    tcase_add_test(tests, the_rights_of_who_acts_by_user_id_are_told);
    tcase_add_test(tests, nobody_has_no_rights);
    tcase_add_test(tests, without_either_nobody_acts);
    tcase_add_test(tests, an_unknown_session_is_nobodys);
    tcase_add_test(tests, an_expired_session_is_nobodys);
    tcase_add_test(tests, a_deactivated_user_is_nobody);
    tcase_add_test(tests, an_unknown_user_id_is_nobody);
}

static void add_replays(TCase *tests)
{
    tcase_add_test(tests, the_same_message_again_gets_the_stored_result);
    tcase_add_test(tests, after_a_replay_the_next_message_is_new);
    tcase_add_test(tests, the_same_user_in_another_session_gets_the_stored_result);
    tcase_add_test(tests, the_same_anonymous_message_gets_the_stored_result);
    tcase_add_test(tests, another_users_message_is_a_mismatch);
    tcase_add_test(tests, nobodys_message_is_a_mismatch_with_a_users);
    tcase_add_test(tests, a_users_message_is_a_mismatch_with_nobodys);
    tcase_add_test(tests, another_name_is_a_mismatch);
    tcase_add_test(tests, another_body_is_a_mismatch);
    tcase_add_test(tests, a_repeated_logout_finds_its_reply_by_the_session_it_ended);
    tcase_add_test(tests, a_repeated_login_starts_the_session_it_now_asks_for);
    tcase_add_test(tests, a_repeated_login_from_before_all_sessions_were_ended_starts_none);
    tcase_add_test(tests, what_has_ended_all_sessions_and_started_one_may_be_repeated);
    tcase_add_test(tests, a_repeated_login_of_a_deactivated_user_starts_none);
    tcase_add_test(tests, a_mismatched_login_starts_none);
    tcase_add_test(tests, a_repeated_failed_login_starts_none);
}

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    add_callers(tests);
    add_replays(tests);
}
CHECK_MAIN("unit_identity", add_tests)
