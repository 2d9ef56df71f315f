/* operations.list_jobs: what is sent by the clock. */

#include "contracts/operations_list_jobs.h"
#include "tests/query/world.h"

static struct scheduled_job jobs[2];
static struct operations_list_jobs_query query;
static struct operations_list_jobs_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    jobs[0].name = "report-dead-letters";
    jobs[1].name = "tidy-up";
    world.jobs.jobs = jobs;
    world.jobs.count = 2;
}

static enum err handle(void)
{
    return operations_list_jobs_handle(&world.ctx, &query, &result);
}

START_TEST(shows_all_of_them)
{
    expect_ok(handle());

    ck_assert_uint_eq(result.jobs_count, 2);
    ck_assert_str_eq(result.jobs[0].name, "report-dead-letters");
    ck_assert_str_eq(result.jobs[1].name, "tidy-up");
}
END_TEST

START_TEST(refuses_who_is_not_staff)
{
    world.ctx.is_staff = false;

    expect_err(ERR_ACCESS_DENIED, handle());
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;
    world.ctx.is_staff = false;

    expect_err(ERR_ACCESS_DENIED, handle());
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, shows_all_of_them);
    tcase_add_test(tests, refuses_who_is_not_staff);
    tcase_add_test(tests, refuses_an_anonymous_caller);
}
CHECK_MAIN("operations.list_jobs", add_tests)
