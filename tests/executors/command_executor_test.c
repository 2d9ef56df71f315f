/* How command-service does a message: identity, outcome, failure, death. */

#include <string.h>

#include "command_executor.h"
#include "common/core/clock.h"
#include "contracts/posts_created.h"
#include "contracts/posts_delete.h"
#include "contracts/users_login.h"
#include "tests/fakes/fake_unit.h"
#include "tests/support/check_main.h"

#define MESSAGE_ID "0190a7f0-0000-7000-8000-000000000001"

static struct arena *arena;
static struct fake_user_store users;
static struct fake_session_store sessions;
static struct fake_unit unit;
static struct command_executor executor;

static enum err handler_answer;
static int handled;

static enum err handle(struct ctx *ctx, const void *input, void *result)
{
    (void)input;
    (void)result;
    handled++;
    posts_created_publish(ctx, &(struct posts_created_event){.post = {.title = "t",
                                                                      .content = "c",
                                                                      .status = POST_STATUS_DRAFT,
                                                                      .author.email = "a@b.c"}});
    return handler_answer == OK ? OK : ctx_fail(ctx, handler_answer, "told to fail");
}

static const struct handler handler = {&posts_delete_contract, handle};
static struct posts_delete_command input;
static struct bus_message message;
static struct envelope envelope;
static struct ctx ctx;
static struct reply reply;
static struct work work;

static void setup(void)
{
    arena = arena_new();
    fake_user_store_init(&users);
    fake_session_store_init(&sessions);
    fake_unit_init(&unit, &users, &sessions, NULL);
    command_executor_init(&executor, &unit.base, "a secret of thirty-two characters");
    handler_answer = OK;
    handled = 0;
    input = (struct posts_delete_command){.post_id = 7};
    message = (struct bus_message){.body = "{\"post_id\":7}", .body_size = 13};
    envelope = (struct envelope){.message_id = MESSAGE_ID};
    work = (struct work){
        .handler = &handler, .message = &message, .envelope = &envelope, .input = &input};
}

static void teardown(void)
{
    fake_unit_clear(&unit);
    arena_free(arena);
}

/* One delivery: a ctx of its own, as the worker makes it. */
static void begin_delivery(void)
{
    ctx_init(&ctx, arena, NULL, work.handler->contract);
    ctx.message_id = envelope.message_id;
    ctx.deadline_ms = envelope.deadline_ms;
}

static enum err deliver(void)
{
    begin_delivery();
    return executor_execute(&executor.base, &work, &ctx, &reply);
}

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

START_TEST(stores_nothing_of_invalid_input)
{
    handler_answer = ERR_INVALID_INPUT;
    expect_ok(deliver());
    expect_err(ERR_INVALID_INPUT, reply.err);

    handler_answer = OK;
    expect_ok(deliver());

    expect_ok(reply.err);
    ck_assert(!reply.is_replayed);
}
END_TEST

START_TEST(stores_nothing_of_our_own_defects)
{
    handler_answer = ERR_INTERNAL;
    expect_ok(deliver());
    expect_err(ERR_INTERNAL, reply.err);

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
    ck_assert_ptr_null(fake_unit_identity(&unit, MESSAGE_ID));
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
    ck_assert_ptr_null(fake_unit_identity(&unit, MESSAGE_ID));
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

START_TEST(keeps_a_dead_letter_without_its_secrets)
{
    static const struct handler login = {&users_login_contract, handle};
    static const struct bus_header headers[] = {
        {"session", BUS_TEXT, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
         0},
        {"client_address", BUS_TEXT, "::1", 0},
        {"deadline", BUS_INTEGER, NULL, 5},
    };
    work.handler = &login;
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

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, stores_and_answers_a_success);
    tcase_add_test(tests, answers_a_repeat_from_what_was_stored);
    tcase_add_test(tests, stores_and_replays_a_lasting_failure);
    tcase_add_test(tests, stores_nothing_of_invalid_input);
    tcase_add_test(tests, stores_nothing_of_our_own_defects);
    tcase_add_test(tests, leaves_passing_trouble_to_be_tried_again);
    tcase_add_test(tests, finds_out_what_became_of_an_uncertain_commit);
    tcase_add_test(tests, answers_when_the_database_refuses_to_commit);
    tcase_add_test(tests, refuses_an_identity_that_belongs_to_other_fields);
    tcase_add_test(tests, does_not_begin_expired_work);
    tcase_add_test(tests, replays_what_was_done_even_past_its_deadline);
    tcase_add_test(tests, admits_a_first_delivery_without_counting_it);
    tcase_add_test(tests, gives_a_message_up_at_its_third_death);
    tcase_add_test(tests, a_message_that_its_worker_survived_has_not_killed_it);
    tcase_add_test(tests, keeps_a_dead_letter_without_its_secrets);
    tcase_add_test(tests, keeps_a_dead_letter_of_what_nobody_can_read);
    tcase_add_test(tests, knows_why_a_replayed_failure_failed);
    tcase_add_test(tests, says_when_the_database_is_away);
}
CHECK_MAIN("command.executor", add_tests)
