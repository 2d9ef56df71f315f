/* How command-service does a message: identity, outcome, failure, deadline. */

#include "tests/executors/command_executor_fixture.h"

START_TEST(stores_and_answers_a_success)
{
    expect_ok(deliver());

    expect_ok(reply.err);
    ck_assert_int_eq(handled, 1);
    ck_assert_ptr_nonnull(fake_unit_identity(&unit, MESSAGE_ID));
    ck_assert_uint_eq(unit.outbox_count, 1);
    ck_assert_ptr_nonnull(ctx.outgoing);
}
END_TEST

START_TEST(answers_a_repeat_from_what_was_stored)
{
    expect_ok(deliver());
    expect_ok(deliver());

    ck_assert(reply.is_replayed);
    ck_assert_int_eq(handled, 1);
    ck_assert_uint_eq(unit.outbox_count, 1);
}
END_TEST

START_TEST(stores_and_replays_a_lasting_failure)
{
    handler_answer = ERR_NOT_FOUND;

    expect_ok(deliver());
    expect_err(ERR_NOT_FOUND, reply.err);
    ck_assert_ptr_null(ctx.outgoing);
    ck_assert_uint_eq(unit.outbox_count, 0);
    handler_answer = OK;
    expect_ok(deliver());

    expect_err(ERR_NOT_FOUND, reply.err);
    ck_assert(reply.is_replayed);
    ck_assert_int_eq(handled, 1);
}
END_TEST

START_TEST(notes_invalid_input_and_does_it_again)
{
    handler_answer = ERR_INVALID_INPUT;
    expect_ok(deliver());
    expect_err(ERR_INVALID_INPUT, reply.err);
    expect_note(ERR_INVALID_INPUT);

    handler_answer = OK;
    expect_ok(deliver());

    expect_ok(reply.err);
    ck_assert(!reply.is_replayed);
}
END_TEST

START_TEST(notes_our_own_defects_and_does_it_again)
{
    handler_answer = ERR_INTERNAL;
    expect_ok(deliver());
    expect_err(ERR_INTERNAL, reply.err);
    expect_note(ERR_INTERNAL);

    handler_answer = OK;
    expect_ok(deliver());

    expect_ok(reply.err);
}
END_TEST

START_TEST(leaves_passing_trouble_to_be_tried_again)
{
    handler_answer = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, deliver());

    ck_assert(!ctx.is_fate_unknown);
    ck_assert_ptr_null(fake_unit_identity(&unit, MESSAGE_ID));
    ck_assert_uint_eq(unit.outbox_count, 0);
}
END_TEST

START_TEST(finds_out_what_became_of_an_uncertain_commit)
{
    unit.commit_fails_with = ERR_UNAVAILABLE;
    unit.is_commit_carried_out = true;
    expect_err(ERR_UNAVAILABLE, deliver());
    ck_assert(ctx.is_fate_unknown);

    unit.commit_fails_with = OK;
    expect_ok(deliver());

    ck_assert(!ctx.is_fate_unknown);
    ck_assert(reply.is_replayed);
    ck_assert_int_eq(handled, 1);
}
END_TEST

START_TEST(answers_when_the_database_refuses_to_commit)
{
    unit.commit_fails_with = ERR_INTERNAL;

    expect_ok(deliver());

    expect_err(ERR_INTERNAL, reply.err);
    ck_assert_ptr_null(ctx.outgoing);
    expect_note(ERR_INTERNAL);
}
END_TEST

START_TEST(refuses_an_identity_that_belongs_to_other_fields)
{
    expect_ok(deliver());

    input.post_id = 8;
    expect_ok(deliver());

    expect_err(ERR_IDEMPOTENCY_MISMATCH, reply.err);
    ck_assert_int_eq(handled, 1);
}
END_TEST

START_TEST(does_not_begin_expired_work)
{
    envelope.deadline_ms = clock_wall_us() / 1000 - 10000;

    expect_ok(deliver());

    expect_err(ERR_EXPIRED, reply.err);
    ck_assert_int_eq(handled, 0);
    expect_note(ERR_EXPIRED);
}
END_TEST

START_TEST(does_not_commit_work_that_has_expired_meanwhile)
{
    handler_deadline_ms = clock_wall_us() / 1000 - 1;

    expect_ok(deliver());

    expect_err(ERR_EXPIRED, reply.err);
    ck_assert_int_eq(handled, 1);
    ck_assert_ptr_null(ctx.outgoing);
    ck_assert_uint_eq(unit.outbox_count, 0);
    expect_note(ERR_EXPIRED);
}
END_TEST

START_TEST(stores_a_lasting_failure_even_past_its_deadline)
{
    handler_deadline_ms = clock_wall_us() / 1000 - 1;
    handler_answer = ERR_NOT_FOUND;

    expect_ok(deliver());

    expect_err(ERR_NOT_FOUND, reply.err);
}
END_TEST

START_TEST(does_expired_work_that_comes_again_in_time)
{
    envelope.deadline_ms = 1;
    expect_ok(deliver());
    envelope.deadline_ms = 0;

    expect_ok(deliver());

    expect_ok(reply.err);
    ck_assert(!reply.is_replayed);
    ck_assert(fake_unit_identity(&unit, MESSAGE_ID)->is_final);
}
END_TEST

START_TEST(tries_again_what_cannot_be_noted)
{
    unit.note_fails_with = ERR_UNAVAILABLE;
    handler_answer = ERR_INVALID_INPUT;

    expect_err(ERR_UNAVAILABLE, deliver());
    ck_assert(!ctx.is_fate_unknown);
}
END_TEST

/* The outbox has the same deadlines as what the worker sends. */
static int64_t deadline_of_sent(const struct contract *contract)
{
    size_t i = 0;
    for (const struct outgoing *sent = ctx.outgoing; sent != NULL; sent = sent->next, i++) {
        ck_assert_int_eq(unit.outbox[i].deadline_ms, sent->deadline_ms);
        if (sent->contract == contract) {
            return sent->deadline_ms;
        }
    }
    ck_abort_msg("nothing was sent");
}

START_TEST(what_it_sends_ends_a_second_before_itself)
{
    handler_sends = true;
    envelope.deadline_ms = clock_wall_us() / 1000 + LIFETIME_MS / 2;

    expect_ok(deliver());

    ck_assert_int_eq(deadline_of_sent(&users_send_registration_notification_contract),
                     envelope.deadline_ms - 1000);
    ck_assert_int_eq(deadline_of_sent(&posts_created_contract), 0);
}
END_TEST

START_TEST(what_it_sends_has_most_of_the_little_time_that_is_left)
{
    handler_sends = true;
    int64_t now_ms = clock_wall_us() / 1000;
    envelope.deadline_ms = now_ms + 5000;

    expect_ok(deliver());

    int64_t deadline_ms = deadline_of_sent(&users_send_registration_notification_contract);
    ck_assert_int_lt(deadline_ms, envelope.deadline_ms);
    ck_assert_int_ge(deadline_ms, now_ms + 4500);
}
END_TEST

START_TEST(what_it_sends_never_lives_longer_than_a_command_may)
{
    handler_sends = true;
    int64_t before_ms = clock_wall_us() / 1000;

    for (int i = 0; i < 2; i++) {
        envelope.deadline_ms = i == 0 ? 0 : before_ms + INT64_C(10) * LIFETIME_MS;
        uuid_new(envelope.message_id);
        unit.outbox_count = 0;
        expect_ok(deliver());
        int64_t deadline_ms = deadline_of_sent(&users_send_registration_notification_contract);
        ck_assert_int_ge(deadline_ms, before_ms + LIFETIME_MS);
        ck_assert_int_le(deadline_ms, clock_wall_us() / 1000 + LIFETIME_MS);
    }
}
END_TEST

START_TEST(replays_what_was_done_even_past_its_deadline)
{
    expect_ok(deliver());
    envelope.deadline_ms = 1;

    expect_ok(deliver());

    expect_ok(reply.err);
    ck_assert(reply.is_replayed);
}
END_TEST

static void add_outcomes(TCase *tests)
{
    tcase_add_test(tests, stores_and_answers_a_success);
    tcase_add_test(tests, answers_a_repeat_from_what_was_stored);
    tcase_add_test(tests, stores_and_replays_a_lasting_failure);
    tcase_add_test(tests, notes_invalid_input_and_does_it_again);
    tcase_add_test(tests, notes_our_own_defects_and_does_it_again);
    tcase_add_test(tests, leaves_passing_trouble_to_be_tried_again);
    tcase_add_test(tests, finds_out_what_became_of_an_uncertain_commit);
    tcase_add_test(tests, answers_when_the_database_refuses_to_commit);
    tcase_add_test(tests, refuses_an_identity_that_belongs_to_other_fields);
}

static void add_deadlines(TCase *tests)
{
    tcase_add_test(tests, does_not_begin_expired_work);
    tcase_add_test(tests, does_not_commit_work_that_has_expired_meanwhile);
    tcase_add_test(tests, stores_a_lasting_failure_even_past_its_deadline);
    tcase_add_test(tests, does_expired_work_that_comes_again_in_time);
    tcase_add_test(tests, tries_again_what_cannot_be_noted);
    tcase_add_test(tests, what_it_sends_ends_a_second_before_itself);
    tcase_add_test(tests, what_it_sends_has_most_of_the_little_time_that_is_left);
    tcase_add_test(tests, what_it_sends_never_lives_longer_than_a_command_may);
    tcase_add_test(tests, replays_what_was_done_even_past_its_deadline);
}

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    add_outcomes(tests);
    add_deadlines(tests);
}
CHECK_MAIN("command.executor", add_tests)
