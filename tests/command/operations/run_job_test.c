/* operations.run_job: a periodic message, sent by hand. */

#include "contracts/operations_run_job.h"
#include "tests/command/world.h"

static struct operations_run_job_command command;
static struct operations_run_job_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    command.name = "report-dead-letters";
    result = (struct operations_run_job_result){0};
}

static enum err handle(void)
{
    return operations_run_job_handle(&world.ctx, &command, &result);
}

START_TEST(sends_its_message_once)
{
    expect_ok(handle());

    ck_assert_str_eq(result.message, "dead_letters.report");
    ck_assert_uint_eq(strlen(result.message_id), 36);
    ck_assert_uint_eq(world_sent_count(), 1);
    ck_assert_str_eq(world_sent("dead_letters.report"), "{\"hours\":24}");
    ck_assert_int_eq(world.jobs.run_for, ANN);
}
END_TEST

START_TEST(finds_no_job_of_another_name)
{
    command.name = "tidy-up";

    expect_err(ERR_NOT_FOUND, handle());

    ck_assert_uint_eq(world_sent_count(), 0);
}
END_TEST

START_TEST(refuses_who_is_not_staff)
{
    world.ctx.is_staff = false;

    expect_err(ERR_ACCESS_DENIED, handle());

    ck_assert_uint_eq(world.jobs.run_count, 0);
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;
    world.ctx.is_staff = false;

    expect_err(ERR_ACCESS_DENIED, handle());

    ck_assert_uint_eq(world.jobs.run_count, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, sends_its_message_once);
    tcase_add_test(tests, finds_no_job_of_another_name);
    tcase_add_test(tests, refuses_who_is_not_staff);
    tcase_add_test(tests, refuses_an_anonymous_caller);
}
CHECK_MAIN("operations.run_job", add_tests)
