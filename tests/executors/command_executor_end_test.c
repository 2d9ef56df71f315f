/* How command-service gives a message up: deaths, dead letters and what is told of them. */

#include "tests/executors/command_executor_fixture.h"
#include "tests/support/log_capture.h"

#include "common/service/retry.h"

START_TEST(writes_what_a_failed_message_leaves_behind)
{
    handler_leaves = true;
    handler_answer = ERR_NOT_FOUND;
    expect_ok(deliver());
    ck_assert_int_eq(left, 1);

    handler_answer = ERR_INVALID_INPUT;
    uuid_new(envelope.message_id);
    expect_ok(deliver());
    ck_assert_int_eq(left, 2);
}
END_TEST

START_TEST(writes_nothing_of_it_for_one_that_is_done_or_tried_again)
{
    handler_leaves = true;
    handler_answer = ERR_UNAVAILABLE;
    expect_err(ERR_UNAVAILABLE, deliver());

    handler_answer = OK;
    expect_ok(deliver());

    ck_assert_int_eq(left, 0);
}
END_TEST

START_TEST(admits_a_first_delivery_without_counting_it)
{
    begin_delivery();

    expect_ok(executor_admit(&executor.base, &work, &ctx));

    ck_assert_uint_eq(unit.attempt_count, 0);
}
END_TEST

START_TEST(gives_a_message_up_at_its_third_death)
{
    work.was_delivered_before = true;
    begin_delivery();

    expect_ok(executor_admit(&executor.base, &work, &ctx));
    expect_ok(executor_admit(&executor.base, &work, &ctx));
    expect_err(ERR_INTERNAL, executor_admit(&executor.base, &work, &ctx));
}
END_TEST

START_TEST(never_gives_up_what_is_done)
{
    expect_ok(deliver());
    work.was_delivered_before = true;

    for (int i = 0; i < 2 * DEATHS_MAX; i++) {
        begin_delivery();
        expect_ok(executor_admit(&executor.base, &work, &ctx));
    }
}
END_TEST

START_TEST(a_message_that_its_worker_survived_has_not_killed_it)
{
    work.was_delivered_before = true;
    for (int i = 0; i < 5; i++) {
        begin_delivery();
        expect_ok(executor_admit(&executor.base, &work, &ctx));
        handler_answer = ERR_UNAVAILABLE;
        expect_err(ERR_UNAVAILABLE, deliver());
    }
}
END_TEST

START_TEST(a_message_that_kills_at_a_later_try_is_given_up_too)
{
    work.was_delivered_before = true;
    for (int i = 0; i < DEATHS_MAX - 1; i++) {
        begin_delivery();
        expect_ok(executor_admit(&executor.base, &work, &ctx));
        handler_answer = ERR_UNAVAILABLE;
        expect_err(ERR_UNAVAILABLE, deliver());
        begin_delivery();
        expect_ok(executor_admit(&executor.base, &work, &ctx)); /* and dies of it */
    }

    begin_delivery();
    expect_err(ERR_INTERNAL, executor_admit(&executor.base, &work, &ctx));
}
END_TEST

START_TEST(keeps_a_dead_letter_without_its_secrets)
{
    static const struct handler login = {&users_login_contract, handle};
    static const struct users_login_command fields = {"ann@example.com", "hunter2"};
    static const struct bus_header headers[] = {
        {"session", BUS_TEXT, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
         0},
        {"client_address", BUS_TEXT, "::1", 0},
        {"deadline", BUS_INTEGER, NULL, 5},
    };
    work.handler = &login;
    work.input = &fields;
    message.body = "{\"username\":\"ann@example.com\",\"password\":\"hunter2\"}";
    message.body_size = strlen(message.body);
    message.headers = headers;
    message.header_count = 3;
    begin_delivery();
    (void)ctx_fail(&ctx, ERR_AUTHENTICATION_FAILED, "no");

    expect_ok(executor_bury(&executor.base, &work, &ctx));

    const struct dead_letter *letter = &unit.letters[0];
    ck_assert_uint_eq(unit.letter_count, 1);
    ck_assert_str_eq(letter->message, "users.login");
    ck_assert_str_eq(letter->code, "authentication_failed");
    ck_assert_str_eq(letter->headers, "{\"client_address\":\"::1\",\"deadline\":5}");
    ck_assert_ptr_nonnull(strstr(letter->body, "ann@example.com"));
    ck_assert_ptr_null(strstr(letter->body, "hunter2"));
    ck_assert_ptr_null(strstr(letter->problem, "hunter2"));
}
END_TEST

/* The row that a burying leaves. */
static const struct fake_identity *bury(enum err err)
{
    begin_delivery();
    (void)ctx_fail(&ctx, err, "told to fail");
    expect_ok(executor_bury(&executor.base, &work, &ctx));
    return fake_unit_identity(&unit, MESSAGE_ID);
}

START_TEST(what_is_given_up_may_come_again)
{
    static const enum err given_up[] = {ERR_UNAVAILABLE, ERR_EXPIRED, ERR_INVALID_INPUT,
                                        ERR_INTERNAL};
    for (size_t i = 0; i < ARRAY_COUNT(given_up); i++) {
        const struct fake_identity *row = bury(given_up[i]);
        expect_err(given_up[i], row->outcome.err);
        ck_assert(!row->is_final);
        ck_assert(row->has_fingerprint);
    }
    expect_ok(deliver());
    expect_ok(reply.err);
}
END_TEST

START_TEST(what_killed_its_worker_is_not_done_again)
{
    work.input = NULL; /* as for all that was not admitted */
    const struct fake_identity *row = bury(ERR_INTERNAL);
    ck_assert(row->is_final);

    work.input = &input;
    expect_ok(deliver());

    expect_err(ERR_INTERNAL, reply.err);
    ck_assert(reply.is_replayed);
    ck_assert_int_eq(handled, 0);
}
END_TEST

START_TEST(a_burying_leaves_alone_what_is_done)
{
    expect_ok(deliver());

    expect_ok(bury(ERR_UNAVAILABLE)->outcome.err);
    ck_assert_uint_eq(unit.letter_count, 1);
}
END_TEST

START_TEST(a_mismatch_says_nothing_of_the_message_that_has_the_identity)
{
    ck_assert_ptr_null(bury(ERR_IDEMPOTENCY_MISMATCH));
    ck_assert_uint_eq(unit.letter_count, 1);
}
END_TEST

START_TEST(keeps_a_dead_letter_of_what_nobody_can_read)
{
    message.body = "\xff{hunter2";
    message.body_size = 9;
    begin_delivery();
    (void)ctx_invalid(&ctx, "body", "must be JSON");

    expect_ok(executor_bury(&executor.base, &work, &ctx));

    ck_assert_str_eq(unit.letters[0].body, "null");
    ck_assert_str_eq(unit.letters[0].detail, "body must be JSON");
}
END_TEST

START_TEST(knows_why_a_replayed_failure_failed)
{
    handler_answer = ERR_NOT_FOUND;
    expect_ok(deliver());
    expect_ok(deliver());

    expect_ok(executor_bury(&executor.base, &work, &ctx));

    ck_assert_str_eq(unit.letters[0].code, "not_found");
    ck_assert_str_eq(unit.letters[0].detail, "told to fail");
}
END_TEST

START_TEST(says_when_the_database_is_away)
{
    unit.fails_with = ERR_UNAVAILABLE;
    begin_delivery();

    expect_err(ERR_UNAVAILABLE, executor_ready(&executor.base));
    expect_err(ERR_UNAVAILABLE, deliver());
    (void)ctx_fail(&ctx, ERR_NOT_FOUND, "no");
    expect_err(ERR_UNAVAILABLE, executor_bury(&executor.base, &work, &ctx));
    ck_assert_int_eq(handled, 0);
}
END_TEST

START_TEST(logs_why_a_handler_failed)
{
    struct log_capture capture;
    handler_answer = ERR_UNAVAILABLE;
    log_capture_begin(&capture);

    expect_err(ERR_UNAVAILABLE, deliver());

    const char *pairs = log_capture_read(&capture, "event=trouble");
    log_capture_end(&capture);
    ck_assert_ptr_nonnull(strstr(pairs, "reason=\"told to fail\""));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, logs_why_a_handler_failed);
    tcase_add_test(tests, writes_what_a_failed_message_leaves_behind);
    tcase_add_test(tests, writes_nothing_of_it_for_one_that_is_done_or_tried_again);
    tcase_add_test(tests, admits_a_first_delivery_without_counting_it);
    tcase_add_test(tests, gives_a_message_up_at_its_third_death);
    tcase_add_test(tests, never_gives_up_what_is_done);
    tcase_add_test(tests, a_message_that_its_worker_survived_has_not_killed_it);
    tcase_add_test(tests, a_message_that_kills_at_a_later_try_is_given_up_too);
    tcase_add_test(tests, keeps_a_dead_letter_without_its_secrets);
    tcase_add_test(tests, what_is_given_up_may_come_again);
    tcase_add_test(tests, what_killed_its_worker_is_not_done_again);
    tcase_add_test(tests, a_burying_leaves_alone_what_is_done);
    tcase_add_test(tests, a_mismatch_says_nothing_of_the_message_that_has_the_identity);
    tcase_add_test(tests, keeps_a_dead_letter_of_what_nobody_can_read);
    tcase_add_test(tests, knows_why_a_replayed_failure_failed);
    tcase_add_test(tests, says_when_the_database_is_away);
}
CHECK_MAIN("command.executor.end", add_tests)
