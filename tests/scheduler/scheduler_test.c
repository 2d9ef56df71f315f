/* The scheduler's loop, with fakes and a broker in memory. */

#include "scheduler.h"

#include <string.h>

#include "common/bus/memory_bus.h"
#include "common/contract/contract.h"
#include "common/contract/schedule.h"
#include "common/core/clock.h"
#include "tests/scheduler/fake_dead_letters.h"
#include "tests/scheduler/fake_expiry.h"
#include "tests/scheduler/fake_outbox.h"
#include "tests/scheduler/fake_readiness.h"
#include "tests/scheduler/fake_schedule.h"
#include "tests/support/check_main.h"

#define COMMAND "users.send_registration_notification"

enum { SLOT_S = 20000 * 86400 };

static struct topology *topology;
static struct memory_broker *broker;
static struct fake_outbox outbox;
static struct fake_expiry expiry;
static struct fake_dead_letters letters;
static struct fake_readiness readiness;
static struct fake_schedule schedule;
static struct ports ports;
static struct scheduler *scheduler;
static struct metrics *metrics;
static struct bus *consume;

static struct bus *make_bus(void *owner, const char *role, const struct bus_events *events,
                            void *bus_owner)
{
    (void)owner;
    struct bus *bus = memory_bus_new(broker, topology, events, bus_owner);
    if (strcmp(role, "consume") == 0) {
        consume = bus;
    }
    return bus;
}

static void setup(void)
{
    topology = topology_new(contracts, contract_count);
    broker = memory_broker_new();
    fake_outbox_init(&outbox);
    fake_expiry_init(&expiry);
    fake_dead_letters_init(&letters);
    fake_readiness_init(&readiness);
    fake_schedule_init(&schedule);
    schedule.now_s = SLOT_S;
    ports = (struct ports){
        .outbox = &outbox.base,
        .expiry = &expiry.base,
        .dead_letters = &letters.base,
        .readiness = &readiness.base,
        .schedule = &schedule.base,
    };
    metrics = metrics_new(NULL, 0);
    const struct scheduler_options options = {
        .ports = &ports,
        .sweep_interval_ms = 10,
        .expire_interval_ms = 10,
        .confirm_wait_ms = 100,
        .metrics = metrics,
        .make_bus = make_bus,
    };
    scheduler = scheduler_new(&options);
}

static void teardown(void)
{
    scheduler_close(scheduler);
    scheduler_free(scheduler);
    metrics_free(metrics);
    memory_broker_free(broker);
    topology_free(topology);
}

static void run_for(int64_t ms)
{
    int64_t end_ms = clock_monotonic_ms() + ms;
    while (clock_monotonic_ms() < end_ms) {
        scheduler_turn(scheduler, 5, -1);
    }
}

static void give_up_a_message(void)
{
    static const struct bus_events nothing = {0};
    struct bus *sender = memory_bus_new(broker, topology, &nothing, NULL);
    bus_poll(sender, 0);
    const struct bus_message message = {
        .exchange = EXCHANGE_DEAD, .routing_key = "posts.delete", .type = "posts.delete"};
    ck_assert(bus_publish(sender, &message, NULL));
    bus_poll(sender, 0);
    bus_free(sender);
}

START_TEST(does_every_job_at_its_start)
{
    fake_outbox_add(&outbox, COMMAND, "{}");
    expiry.over[EXPIRING_SESSIONS] = 1;
    run_for(50);
    give_up_a_message();

    run_for(50);

    ck_assert_uint_eq(fake_outbox_left(&outbox), 0);
    ck_assert_uint_eq(expiry.over[EXPIRING_SESSIONS], 0);
    ck_assert_uint_eq(letters.count, 1);
}
END_TEST

START_TEST(does_every_job_again_and_again)
{
    run_for(50);
    fake_outbox_add(&outbox, COMMAND, "{}");
    expiry.over[EXPIRING_SESSIONS] = 1;

    run_for(100);

    ck_assert_uint_eq(fake_outbox_left(&outbox), 0);
    ck_assert_uint_eq(expiry.over[EXPIRING_SESSIONS], 0);
}
END_TEST

START_TEST(measures_the_outbox_and_says_how_it_is)
{
    outbox.take_fails = ERR_INTERNAL; /* so that it stays as it is */
    fake_outbox_add(&outbox, COMMAND, "{}");
    fake_outbox_add(&outbox, COMMAND, "{}");

    run_for(100);

    ck_assert_int_eq(atomic_load(&metrics->outbox_messages), 2);
    ck_assert_int_eq(atomic_load(&metrics->outbox_oldest_us), 1);
    ck_assert(atomic_load(&metrics->is_serving));
    readiness.state = ERR_UNAVAILABLE;
    outbox.take_fails = ERR_UNAVAILABLE;
    run_for(1200);
    ck_assert(!atomic_load(&metrics->is_serving));
    ck_assert_int_eq(atomic_load(&metrics->parts[PART_DATABASE]), PART_DOWN);
    ck_assert_int_eq(atomic_load(&metrics->parts[PART_BROKER]), PART_UP);
}
END_TEST

START_TEST(waits_for_the_database_and_goes_on_by_itself)
{
    readiness.state = ERR_UNAVAILABLE;
    fake_outbox_add(&outbox, COMMAND, "{}");
    run_for(50);
    ck_assert_uint_eq(fake_outbox_left(&outbox), 1);
    readiness.state = OK;

    run_for(1200);

    ck_assert_uint_eq(fake_outbox_left(&outbox), 0);
}
END_TEST

START_TEST(asks_for_a_lost_database_about_once_a_second)
{
    run_for(20);
    outbox.take_fails = ERR_UNAVAILABLE;
    readiness.state = ERR_UNAVAILABLE;
    readiness.checks = 0;

    run_for(1500);

    ck_assert_int_ge(readiness.checks, 1);
    ck_assert_int_le(readiness.checks, 2);
}
END_TEST

START_TEST(one_job_that_fails_does_not_stop_the_others)
{
    letters.fails_with = ERR_INTERNAL;
    run_for(20);
    give_up_a_message();
    run_for(20);
    fake_outbox_add(&outbox, COMMAND, "{}");
    expiry.over[EXPIRING_SESSIONS] = 1;

    run_for(100);

    ck_assert_uint_eq(letters.count, 0);
    ck_assert_uint_eq(fake_outbox_left(&outbox), 0);
    ck_assert_uint_eq(expiry.over[EXPIRING_SESSIONS], 0);
}
END_TEST

START_TEST(trouble_of_one_job_alone_does_not_lose_the_database)
{
    run_for(20);
    readiness.checks = 0;
    letters.fails_with = ERR_UNAVAILABLE; /* as where a statement takes too long */
    give_up_a_message();
    run_for(50);
    fake_outbox_add(&outbox, COMMAND, "{}");
    expiry.over[EXPIRING_SESSIONS] = 1;

    run_for(100);

    ck_assert_int_eq(readiness.checks, 1);
    ck_assert_uint_eq(fake_outbox_left(&outbox), 0);
    ck_assert_uint_eq(expiry.over[EXPIRING_SESSIONS], 0);
    ck_assert(atomic_load(&metrics->is_serving));
}
END_TEST

START_TEST(an_expiry_that_fails_is_tried_again_and_holds_up_nobody)
{
    expiry.fails_with[EXPIRING_COUNT - 1] = ERR_UNAVAILABLE;
    run_for(50);
    expiry.fails_with[EXPIRING_COUNT - 1] = OK;
    expiry.over[EXPIRING_COUNT - 1] = 1;
    fake_outbox_add(&outbox, COMMAND, "{}");

    run_for(50);
    ck_assert_uint_eq(fake_outbox_left(&outbox), 0);
    run_for(1200);

    ck_assert_uint_eq(expiry.over[EXPIRING_COUNT - 1], 0);
}
END_TEST

START_TEST(a_stuck_letter_is_tried_again)
{
    letters.fails_with = ERR_INTERNAL;
    run_for(20);
    give_up_a_message();
    run_for(20);
    letters.fails_with = OK;

    run_for(1200);

    ck_assert_uint_eq(letters.count, 1);
}
END_TEST

START_TEST(sweeps_nothing_while_the_broker_is_blocked)
{
    run_for(20);
    memory_broker_set_blocked(broker, true);
    run_for(20);
    fake_outbox_add(&outbox, COMMAND, "{}");
    outbox.takes = 0;
    run_for(50);
    ck_assert_int_eq(outbox.takes, 0);
    memory_broker_set_blocked(broker, false);

    run_for(50);

    ck_assert_uint_eq(fake_outbox_left(&outbox), 0);
}
END_TEST

START_TEST(letters_in_hand_go_back_when_it_leaves)
{
    run_for(20);
    letters.fails_with = ERR_UNAVAILABLE;
    readiness.state = ERR_UNAVAILABLE;
    give_up_a_message();
    run_for(50);

    bus_close(consume, 0);

    ck_assert_uint_eq(letters.count, 0);
    ck_assert_int_eq(memory_broker_depth(broker, QUEUE_DEAD_INTAKE), 1);
}
END_TEST

START_TEST(fires_the_jobs_of_the_schedule_when_their_time_has_come)
{
    run_for(50);
    ck_assert_uint_eq(schedule.fired_count, 0);

    schedule.now_s += schedule_jobs[0].period_s;
    for (int i = 0; i < 300 && schedule.fired_count == 0; i++) {
        run_for(10);
    }

    ck_assert_uint_eq(schedule.fired_count, schedule_job_count);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, does_every_job_at_its_start);
    tcase_add_test(tests, does_every_job_again_and_again);
    tcase_add_test(tests, measures_the_outbox_and_says_how_it_is);
    tcase_add_test(tests, waits_for_the_database_and_goes_on_by_itself);
    tcase_add_test(tests, asks_for_a_lost_database_about_once_a_second);
    tcase_add_test(tests, one_job_that_fails_does_not_stop_the_others);
    tcase_add_test(tests, trouble_of_one_job_alone_does_not_lose_the_database);
    tcase_add_test(tests, an_expiry_that_fails_is_tried_again_and_holds_up_nobody);
    tcase_add_test(tests, a_stuck_letter_is_tried_again);
    tcase_add_test(tests, sweeps_nothing_while_the_broker_is_blocked);
    tcase_add_test(tests, letters_in_hand_go_back_when_it_leaves);
    tcase_add_test(tests, fires_the_jobs_of_the_schedule_when_their_time_has_come);
}
CHECK_MAIN("scheduler", add_tests)
