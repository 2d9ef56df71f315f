/* When jobs were sent, from PostgreSQL. */

#include <inttypes.h>

#include "adapters/postgres_job_reader.h"
#include "common/contract/schedule.h"
#include "contracts/operations_list_jobs.h"
#include "tests/adapters/message.h"
#include "tests/adapters/postgres_query_world.h"
#include "tests/support/check_main.h"

static const int64_t SECOND_US = 1000000;

static struct query_world world;
static struct message message;
static struct job_reader *reader;
static const struct schedule_job *job;
static int64_t slot_s; /* the latest one that has passed, an hour ago */

static void setup(void)
{
    query_world_open(&world);
    message_open(&message, &operations_list_jobs_contract);
    reader = postgres_job_reader_new(postgres_world_db());
    job = schedule_find("report-dead-letters");
    slot_s = schedule_latest_slot(job, 1700000000);
    message.ctx.now_us = (slot_s + 3600) * SECOND_US;
}

static void teardown(void)
{
    postgres_job_reader_free(reader);
    message_close(&message);
    query_world_close(&world);
}

/* `fired_s` and `run_s` may be 0: never. */
static void note(int64_t last_slot_s, int64_t fired_s, int64_t run_s)
{
    test_database_run(postgres_world_database(),
                      "INSERT INTO schedule (job, last_slot, fired_at, run_at, run_by) VALUES"
                      " ('report-dead-letters', to_timestamp(%" PRId64 "),"
                      " to_timestamp(nullif(%" PRId64 ", 0)), to_timestamp(nullif(%" PRId64
                      ", 0)), CASE WHEN %" PRId64 " > 0 THEN 'ann@example.org' END)",
                      last_slot_s, fired_s, run_s, run_s);
}

static struct scheduled_job read_job(void)
{
    struct scheduled_job *jobs;
    size_t count;
    expect_ok(job_reader_list(reader, &message.ctx, &jobs, &count));
    ck_assert_uint_eq(count, schedule_job_count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(jobs[i].name, "report-dead-letters") == 0) {
            return jobs[i];
        }
    }
    ck_abort_msg("the job is not there");
}

START_TEST(a_job_that_no_scheduler_has_seen_is_told_of_all_the_same)
{
    struct scheduled_job found = read_job();

    ck_assert_str_eq(found.title, job->title);
    ck_assert_str_eq(found.message, "dead_letters.report");
    ck_assert_str_eq(found.rule, "daily at 07:00 UTC");
    ck_assert_int_eq(found.rhythm, JOB_RHYTHM_DAILY);
    ck_assert_int_eq(found.period_s, 86400);
    ck_assert_str_eq(found.at, "07:00");
    ck_assert(!found.has_weekday);
    ck_assert(!found.has_last_at);
    ck_assert_ptr_null(found.last_by);
    ck_assert_int_eq(found.next_at, (slot_s + 86400) * SECOND_US);
    ck_assert(!found.is_late);
}
END_TEST

START_TEST(one_that_was_never_sent_says_so)
{
    note(slot_s, 0, 0);

    struct scheduled_job found = read_job();

    ck_assert(!found.has_last_at);
    ck_assert_ptr_null(found.last_by);
}
END_TEST

START_TEST(one_that_the_clock_sent_says_when)
{
    note(slot_s, slot_s + 1, 0);

    struct scheduled_job found = read_job();

    ck_assert(found.has_last_at);
    ck_assert_int_eq(found.last_at, (slot_s + 1) * SECOND_US);
    ck_assert_ptr_null(found.last_by);
    ck_assert(!found.is_late);
}
END_TEST

START_TEST(one_that_somebody_had_sent_since_says_who)
{
    note(slot_s, slot_s + 1, slot_s + 2);

    struct scheduled_job found = read_job();

    ck_assert_int_eq(found.last_at, (slot_s + 2) * SECOND_US);
    ck_assert_str_eq(found.last_by, "ann@example.org");
}
END_TEST

START_TEST(one_that_the_clock_sent_since_says_nothing_of_who)
{
    note(slot_s, slot_s + 2, slot_s + 1);

    struct scheduled_job found = read_job();

    ck_assert_int_eq(found.last_at, (slot_s + 2) * SECOND_US);
    ck_assert_ptr_null(found.last_by);
}
END_TEST

START_TEST(one_is_late_a_minute_after_its_time)
{
    note(slot_s - 86400, 0, 0);

    ck_assert(read_job().is_late);
    message.ctx.now_us = (slot_s + 60) * SECOND_US;
    ck_assert(!read_job().is_late);
    message.ctx.now_us = (slot_s + 61) * SECOND_US;
    ck_assert(read_job().is_late);
}
END_TEST

START_TEST(to_have_it_sent_by_hand_makes_up_for_no_slot)
{
    note(slot_s - 86400, 0, slot_s + 2);

    ck_assert(read_job().is_late);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, query_world_prepare, query_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_job_that_no_scheduler_has_seen_is_told_of_all_the_same);
    tcase_add_test(tests, one_that_was_never_sent_says_so);
    tcase_add_test(tests, one_that_the_clock_sent_says_when);
    tcase_add_test(tests, one_that_somebody_had_sent_since_says_who);
    tcase_add_test(tests, one_that_the_clock_sent_since_says_nothing_of_who);
    tcase_add_test(tests, one_is_late_a_minute_after_its_time);
    tcase_add_test(tests, to_have_it_sent_by_hand_makes_up_for_no_slot);
}
CHECK_MAIN("job_reader.postgres", add_tests)
