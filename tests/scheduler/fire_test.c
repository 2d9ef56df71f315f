/* Slots: fired once, by whichever scheduler is first. */

#include "jobs/fire.h"

#include "tests/scheduler/fake_schedule.h"
#include "tests/support/check_main.h"

enum { MINUTE = 60, DAY = 86400, START = 20000 * DAY };

static const struct contract contract = {.name = "dead_letters.report"};
static const struct schedule_job jobs[] = {
    {.name = "minutely", .contract = &contract, .body = "{}", .period_s = MINUTE},
    {.name = "daily",
     .contract = &contract,
     .body = "{\"hours\":24}",
     .period_s = DAY,
     .offset_s = 8 * 3600},
};
static struct fake_schedule schedule;
static struct fire first;
static struct fire second;
static size_t fired;

static void setup(void)
{
    fake_schedule_init(&schedule);
    schedule.now_s = START;
    first = (struct fire){.schedule = &schedule.base, .jobs = jobs, .job_count = 2};
    second = first;
    expect_ok(fire_step(&first, &fired));
}

START_TEST(a_new_job_begins_with_its_next_slot)
{
    ck_assert_uint_eq(fired, 0);

    schedule.now_s = START + MINUTE;
    expect_ok(fire_step(&first, &fired));

    ck_assert_uint_eq(fired, 1);
    ck_assert_str_eq(schedule.fired[0].job, "minutely");
    ck_assert_int_eq(schedule.fired[0].slot_s, START + MINUTE);
}
END_TEST

START_TEST(a_slot_is_fired_once_by_one_scheduler)
{
    schedule.now_s = START + MINUTE + 1;

    expect_ok(fire_step(&first, &fired));
    expect_ok(fire_step(&second, &fired));
    expect_ok(fire_step(&first, &fired));

    ck_assert_uint_eq(schedule.fired_count, 1);
}
END_TEST

START_TEST(of_missed_slots_the_latest_is_fired)
{
    schedule.now_s = START + 10 * MINUTE + 30;

    expect_ok(fire_step(&second, &fired));

    ck_assert_uint_eq(fired, 1);
    ck_assert_int_eq(schedule.fired[0].slot_s, START + 10 * MINUTE);
}
END_TEST

START_TEST(a_clock_set_back_fires_nothing_again)
{
    schedule.now_s = START + 2 * MINUTE;
    expect_ok(fire_step(&first, &fired));
    schedule.now_s = START + MINUTE;
    struct fire newcomer = {.schedule = &schedule.base, .jobs = jobs, .job_count = 2};

    expect_ok(fire_step(&newcomer, &fired));

    ck_assert_uint_eq(fired, 0);
    ck_assert_uint_eq(schedule.fired_count, 1);
}
END_TEST

START_TEST(a_daily_job_fires_at_its_time)
{
    schedule.now_s = START + 8 * 3600 - 1;
    expect_ok(fire_step(&first, &fired));
    size_t before = schedule.fired_count;

    schedule.now_s = START + 8 * 3600;
    expect_ok(fire_step(&first, &fired));

    const struct slot *slot = &schedule.fired[before + 1];
    ck_assert_uint_eq(fired, 2);
    ck_assert_str_eq(slot->job, "daily");
    ck_assert_str_eq(slot->body, "{\"hours\":24}");
    ck_assert_int_eq(slot->deadline_ms, (int64_t)(START + DAY + 8 * 3600) * 1000);
}
END_TEST

START_TEST(trouble_leaves_the_slot_for_the_next_step)
{
    schedule.now_s = START + MINUTE;
    schedule.fails_with = ERR_UNAVAILABLE;
    expect_err(ERR_UNAVAILABLE, fire_step(&first, &fired));
    schedule.fails_with = OK;

    expect_ok(fire_step(&first, &fired));

    ck_assert_uint_eq(fired, 1);
}
END_TEST

START_TEST(slots_before_1970_are_whole_too)
{
    ck_assert_int_eq(schedule_latest_slot(&jobs[0], -1), -MINUTE);
    ck_assert_int_eq(schedule_next_slot(&jobs[0], -1), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, a_new_job_begins_with_its_next_slot);
    tcase_add_test(tests, a_slot_is_fired_once_by_one_scheduler);
    tcase_add_test(tests, of_missed_slots_the_latest_is_fired);
    tcase_add_test(tests, a_clock_set_back_fires_nothing_again);
    tcase_add_test(tests, a_daily_job_fires_at_its_time);
    tcase_add_test(tests, trouble_leaves_the_slot_for_the_next_step);
    tcase_add_test(tests, slots_before_1970_are_whole_too);
}
CHECK_MAIN("scheduler fire", add_tests)
