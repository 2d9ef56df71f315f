/* Rules of the port job_store. */

#include "common/core/outgoing.h"
#include "contracts/operations_run_job.h"
#include "tests/adapters/command_world.h"
#include "tests/adapters/message.h"
#include "tests/support/check_main.h"

static struct command_world world;
static struct message message;
static struct job_run run;

static void setup(void)
{
    command_world_open(&world);
    message_open(&message, &operations_run_job_contract);
    message.ctx.user_id = world_add_user("ann@example.org");
}

static void teardown(void)
{
    message_close(&message);
    command_world_close(&world);
}

START_TEST(a_job_sends_its_message)
{
    expect_ok(job_store_run(world.jobs, &message.ctx, "report-dead-letters", &run));

    const struct outgoing *sent = message.ctx.outgoing;
    ck_assert_ptr_nonnull(sent);
    ck_assert_str_eq(sent->contract->name, "dead_letters.report");
    ck_assert_str_eq(sent->body.data, "{\"hours\":24}");
    ck_assert_ptr_null(sent->next);
    ck_assert_str_eq(run.message, "dead_letters.report");
    ck_assert_str_eq(run.message_id, sent->message_id);
}
END_TEST

START_TEST(a_job_can_be_run_again)
{
    expect_ok(job_store_run(world.jobs, &message.ctx, "report-dead-letters", &run));
    expect_ok(job_store_run(world.jobs, &message.ctx, "report-dead-letters", &run));

    ck_assert_ptr_nonnull(message.ctx.outgoing->next);
}
END_TEST

START_TEST(another_is_not_found)
{
    expect_err(ERR_NOT_FOUND, job_store_run(world.jobs, &message.ctx, "tidy-up", &run));

    ck_assert_ptr_null(message.ctx.outgoing);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_job_sends_its_message);
    tcase_add_test(tests, a_job_can_be_run_again);
    tcase_add_test(tests, another_is_not_found);
}
CHECK_MAIN("job_store", add_tests)
