/* How query-service does a message. */

#include "contracts/users_me.h"
#include "query_executor.h"
#include "tests/fakes/fake_reading.h"
#include "tests/support/log_capture.h"

static struct arena *arena;
static struct fake_reading reading;
static struct query_executor executor;
static int64_t seen_user;
static int handled;
static enum err handler_answer;

static enum err handle(struct ctx *ctx, const void *input, void *result)
{
    (void)input;
    struct users_me_result *me = result;
    handled++;
    seen_user = ctx->user_id;
    me->user = (struct user){.id = ctx->user_id, .email = "ann@example.com"};
    return handler_answer == OK ? OK : ctx_fail(ctx, handler_answer, "told to fail");
}

static const struct handler handler = {&users_me_contract, handle};
static struct envelope envelope;
static struct ctx ctx;
static struct reply reply;

static void setup(void)
{
    arena = arena_new();
    fake_reading_init(&reading);
    (void)fake_reading_add(&reading, 1, NULL);
    query_executor_init(&executor, &reading.base);
    envelope = (struct envelope){.has_user_id = true, .user_id = 1};
    handler_answer = OK;
    handled = 0;
}

static void teardown(void)
{
    arena_free(arena);
}

static enum err deliver(void)
{
    static const struct users_me_query input;
    const struct work work = {.handler = &handler, .envelope = &envelope, .input = &input};
    ctx_init(&ctx, arena, NULL, handler.contract);
    ctx.deadline_ms = envelope.deadline_ms;
    expect_ok(executor_admit(&executor.base, &work, &ctx));
    return executor_execute(&executor.base, &work, &ctx, &reply);
}

START_TEST(answers_for_the_user_who_acts)
{
    expect_ok(deliver());

    expect_ok(reply.err);
    ck_assert_int_eq(seen_user, 1);
    ck_assert_str_eq(reply.body,
                     "{\"user\":{\"id\":1,\"email\":\"ann@example.com\",\"is_staff\":false}}");
}
END_TEST

START_TEST(a_user_of_nobody_is_anonymous)
{
    envelope.user_id = 99;

    expect_ok(deliver());

    ck_assert_int_eq(seen_user, NOBODY);
}
END_TEST

START_TEST(answers_a_failure)
{
    handler_answer = ERR_ACCESS_DENIED;

    expect_ok(deliver());

    expect_err(ERR_ACCESS_DENIED, reply.err);
}
END_TEST

START_TEST(does_not_begin_expired_work)
{
    envelope.deadline_ms = 1;

    expect_ok(deliver());

    expect_err(ERR_EXPIRED, reply.err);
    ck_assert_int_eq(handled, 0);
}
END_TEST

START_TEST(leaves_passing_trouble_to_be_tried_again)
{
    reading.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, deliver());
    expect_err(ERR_UNAVAILABLE, executor_ready(&executor.base));
}
END_TEST

START_TEST(answers_what_took_too_long_instead_of_trying_again)
{
    handler_answer = ERR_UNAVAILABLE;
    reading.has_timed_out = true;

    expect_ok(deliver());

    expect_err(ERR_UNAVAILABLE, reply.err);
    ck_assert_int_eq(handled, 1);
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

START_TEST(keeps_no_question_that_nobody_waits_for)
{
    const struct work work = {.handler = &handler, .envelope = &envelope};
    ctx_init(&ctx, arena, NULL, handler.contract);
    (void)ctx_invalid(&ctx, "body", "must be JSON");

    expect_ok(executor_bury(&executor.base, &work, &ctx));
    expect_ok(executor_forget_outgoing(&executor.base, NULL, 0));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, answers_for_the_user_who_acts);
    tcase_add_test(tests, a_user_of_nobody_is_anonymous);
    tcase_add_test(tests, answers_a_failure);
    tcase_add_test(tests, does_not_begin_expired_work);
    tcase_add_test(tests, leaves_passing_trouble_to_be_tried_again);
    tcase_add_test(tests, answers_what_took_too_long_instead_of_trying_again);
    tcase_add_test(tests, logs_why_a_handler_failed);
    tcase_add_test(tests, keeps_no_question_that_nobody_waits_for);
}
CHECK_MAIN("query.executor", add_tests)
