/* Rules of the unit of work: failures that give way, dead letters, and what is told of both. */

#include "contracts/users_logout.h"
#include "tests/adapters/unit_fixture.h"

START_TEST(a_noted_failure_can_be_asked_for)
{
    begin(&first);
    fail_for_now(&first, ERR_EXPIRED);

    ck_assert(world_has_row(first.envelope.message_id, "expired", WORLD_NOT_FINAL));
    ck_assert_int_eq(world_row_user(first.envelope.message_id), ann);
}
END_TEST

START_TEST(a_noted_failure_gives_way_to_the_same_message)
{
    begin(&first);
    fail_for_now(&first, ERR_EXPIRED);
    repeat_first();

    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_commit(world.unit, &second.ctx, &success));

    ck_assert(world_has_row(first.envelope.message_id, NULL, WORLD_FINAL));
    ck_assert_str_eq(begin(&second), "replay");
    ck_assert_str_eq(stored.body, "{\"a\":1}");
    ck_assert_int_eq(world_count_identities(), 1);
}
END_TEST

START_TEST(a_noted_failure_gives_way_to_another_message_too)
{
    begin(&first);
    fail_for_now(&first, ERR_INVALID_INPUT);
    repeat_first();
    second.envelope.session = DIGEST_OF_B;
    second.ctx.contract = &users_logout_contract;
    second.fingerprint[0] ^= 1;

    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_fail(world.unit, &second.ctx, &failure));

    ck_assert(world_has_row(first.envelope.message_id, "not_found", WORLD_FINAL));
    ck_assert_int_eq(world_row_user(first.envelope.message_id), bob);
    ck_assert_str_eq(begin(&first), "mismatch");
    ck_assert_str_eq(begin(&second), "replay");
}
END_TEST

START_TEST(an_abort_leaves_the_note_that_was_there)
{
    begin(&first);
    fail_for_now(&first, ERR_EXPIRED);
    ck_assert_str_eq(begin(&first), "new");

    unit_abort(world.unit);

    ck_assert(world_has_row(first.envelope.message_id, "expired", WORLD_NOT_FINAL));
}
END_TEST

START_TEST(a_note_changes_nothing_that_is_there)
{
    do_first();
    fail_for_now(&second, ERR_EXPIRED);

    ck_assert(world_has_row(first.envelope.message_id, NULL, WORLD_FINAL));
}
END_TEST

static struct dead_letter letter(const char *message_id, enum err err, const char *detail)
{
    return (struct dead_letter){
        .message_id = message_id,
        .message = "posts.create",
        .code = err_info(err)->code,
        .detail = detail,
        .body = "{\"title\":\"x\\u0000\"}",
        .headers = "{}",
        .problem = "{\"code\":\"gone\"}",
        .is_final = err == ERR_NOT_FOUND || err == ERR_INTERNAL,
    };
}

static void bury_as(struct message *message, const struct dead_letter *letter,
                    const unsigned char *fingerprint)
{
    expect_ok(unit_bury(world.unit, &message->ctx, &message->envelope, fingerprint, letter));
}

static void bury_first(enum err err)
{
    struct dead_letter one = letter(first.envelope.message_id, err, "gone");
    bury_as(&first, &one, first.fingerprint);
}

START_TEST(a_dead_letter_is_kept_once_for_its_message_and_code)
{
    struct dead_letter one = letter(first.envelope.message_id, ERR_INTERNAL, "once");
    struct dead_letter again = letter(first.envelope.message_id, ERR_INTERNAL, "twice");
    struct dead_letter other = letter(first.envelope.message_id, ERR_NOT_FOUND, "another way");

    bury_as(&first, &one, NULL);
    bury_as(&first, &again, NULL);
    bury_as(&first, &other, NULL);

    ck_assert_int_eq(world_count_letters(), 2);
    ck_assert(world_has_letter("twice"));
    ck_assert(world_has_letter("another way"));
}
END_TEST

START_TEST(dead_letters_without_identity_are_all_kept_and_have_no_state)
{
    struct dead_letter one = letter(NULL, ERR_INVALID_INPUT, "no id");

    bury_as(&first, &one, NULL);
    bury_as(&first, &one, NULL);

    ck_assert_int_eq(world_count_letters(), 2);
    ck_assert_int_eq(world_count_identities(), 0);
}
END_TEST

START_TEST(a_burying_says_what_became_of_the_message)
{
    bury_first(ERR_UNAVAILABLE);

    ck_assert(world_has_row(first.envelope.message_id, "unavailable", WORLD_NOT_FINAL));
    ck_assert_int_eq(world_row_user(first.envelope.message_id), ann);
    ck_assert(world_row_has_fingerprint(first.envelope.message_id));
}
END_TEST

START_TEST(a_burying_without_a_problem_says_nothing)
{
    struct dead_letter one = letter(first.envelope.message_id, ERR_IDEMPOTENCY_MISMATCH, "other");
    one.problem = NULL;

    bury_as(&first, &one, first.fingerprint);

    ck_assert_int_eq(world_count_letters(), 1);
    ck_assert_int_eq(world_count_identities(), 0);
}
END_TEST

START_TEST(what_was_given_up_may_come_again)
{
    bury_first(ERR_UNAVAILABLE);

    ck_assert_str_eq(begin(&first), "new");
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    ck_assert(world_has_row(first.envelope.message_id, NULL, WORLD_FINAL));
}
END_TEST

START_TEST(what_was_buried_for_good_is_replayed)
{
    bury_first(ERR_NOT_FOUND);

    ck_assert_str_eq(begin(&first), "replay");

    expect_err(ERR_NOT_FOUND, stored.err);
    ck_assert_str_eq(stored.body, "{\"code\":\"gone\"}");
}
END_TEST

START_TEST(what_was_buried_unread_is_replayed_whatever_its_fields)
{
    struct dead_letter poison = letter(first.envelope.message_id, ERR_INTERNAL, "poison");
    bury_as(&first, &poison, NULL);

    ck_assert_str_eq(begin(&first), "replay");
    expect_err(ERR_INTERNAL, stored.err);
    first.envelope.session = DIGEST_OF_B;
    ck_assert_str_eq(begin(&first), "mismatch");
}
END_TEST

START_TEST(what_was_buried_unread_has_no_outcome_that_attempts_could_wait_for)
{
    int64_t attempts;
    struct dead_letter poison = letter(first.envelope.message_id, ERR_INTERNAL, "poison");
    bury_as(&first, &poison, NULL);

    expect_ok(unit_count_attempt(world.unit, first.envelope.message_id, &attempts));

    ck_assert_int_eq(attempts, 1);
}
END_TEST

START_TEST(a_burying_makes_a_note_final)
{
    begin(&first);
    fail_for_now(&first, ERR_EXPIRED);

    bury_first(ERR_INTERNAL);

    ck_assert(world_has_row(first.envelope.message_id, "internal", WORLD_FINAL));
}
END_TEST

START_TEST(a_burying_never_changes_an_outcome)
{
    do_first();

    bury_first(ERR_INTERNAL);

    ck_assert(world_has_row(first.envelope.message_id, NULL, WORLD_FINAL));
    ck_assert_int_eq(world_count_letters(), 1);
}
END_TEST

START_TEST(a_letter_is_the_users_who_sent_it)
{
    struct dead_letter one = letter(first.envelope.message_id, ERR_INTERNAL, "of a session");
    struct dead_letter other = letter(second.envelope.message_id, ERR_INTERNAL, "of a claim");
    second.envelope.has_user_id = true;
    second.envelope.user_id = 4711;

    bury_as(&first, &one, NULL);
    bury_as(&second, &other, NULL);

    ck_assert_int_eq(world_letter_user("of a session"), ann);
    ck_assert_int_eq(world_letter_user("of a claim"), 4711);
    ck_assert_int_eq(world_row_user(second.envelope.message_id), NOBODY);
}
END_TEST

START_TEST(a_letter_of_nobody_is_nobodys)
{
    struct dead_letter one = letter(second.envelope.message_id, ERR_INTERNAL, "of nobody");
    struct dead_letter other = letter(first.envelope.message_id, ERR_INTERNAL, "of the expired");
    world_expire_session(DIGEST_OF_A);

    bury_as(&second, &one, NULL);
    bury_as(&first, &other, NULL);

    ck_assert_int_eq(world_letter_user("of nobody"), NOBODY);
    ck_assert_int_eq(world_letter_user("of the expired"), NOBODY);
}
END_TEST

START_TEST(a_letter_is_the_users_whom_the_unit_knew)
{
    begin(&first);
    expect_ok(session_store_end(world.sessions, &first.ctx, DIGEST_OF_A));
    expect_ok(unit_commit(world.unit, &first.ctx, &success));

    bury_first(ERR_UNAVAILABLE);

    ck_assert_int_eq(world_letter_user("gone"), ann);
}
END_TEST

static void add_notes(TCase *tests)
{
    tcase_add_test(tests, a_noted_failure_can_be_asked_for);
    tcase_add_test(tests, a_noted_failure_gives_way_to_the_same_message);
    tcase_add_test(tests, a_noted_failure_gives_way_to_another_message_too);
    tcase_add_test(tests, an_abort_leaves_the_note_that_was_there);
    tcase_add_test(tests, a_note_changes_nothing_that_is_there);
}

static void add_letters(TCase *tests)
{
    tcase_add_test(tests, a_dead_letter_is_kept_once_for_its_message_and_code);
    tcase_add_test(tests, dead_letters_without_identity_are_all_kept_and_have_no_state);
    tcase_add_test(tests, a_burying_says_what_became_of_the_message);
    tcase_add_test(tests, a_burying_without_a_problem_says_nothing);
    tcase_add_test(tests, what_was_given_up_may_come_again);
    tcase_add_test(tests, what_was_buried_for_good_is_replayed);
    tcase_add_test(tests, what_was_buried_unread_is_replayed_whatever_its_fields);
    tcase_add_test(tests, what_was_buried_unread_has_no_outcome_that_attempts_could_wait_for);
    tcase_add_test(tests, a_burying_makes_a_note_final);
    tcase_add_test(tests, a_burying_never_changes_an_outcome);
    tcase_add_test(tests, a_letter_is_the_users_who_sent_it);
    tcase_add_test(tests, a_letter_of_nobody_is_nobodys);
    tcase_add_test(tests, a_letter_is_the_users_whom_the_unit_knew);
}

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    add_notes(tests);
    add_letters(tests);
}
CHECK_MAIN("unit_failure", add_tests)
