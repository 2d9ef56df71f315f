/* The sweep of the outbox, on a broker in memory. */

#include "common/bus/memory_bus.h"
#include "common/contract/contract.h"
#include "common/service/envelope.h"
#include "jobs/sweep.h"
#include "tests/scheduler/fake_outbox.h"
#include "tests/scheduler/listener.h"
#include "tests/support/check_main.h"

#define COMMAND "users.send_registration_notification"
#define COMMAND_QUEUE "command." COMMAND
#define EVENT "posts.deleted"

static struct topology *topology;
static struct memory_broker *broker;
static struct publisher publisher;
static struct fake_outbox outbox;
static struct sweep sweep;
static struct sweep_report report;

static void setup(void)
{
    topology = topology_new(contracts, contract_count);
    broker = memory_broker_new();
    publisher = (struct publisher){.link.name = "publish"};
    publisher.bus = memory_bus_new(broker, topology, &publisher_events, &publisher);
    bus_poll(publisher.bus, 0);
    ck_assert(bus_is_up(publisher.bus));
    fake_outbox_init(&outbox);
    sweep = (struct sweep){
        .outbox = &outbox.base,
        .publisher = &publisher,
        .arena = arena_new(),
        .wait_ms = 1000,
    };
}

static void teardown(void)
{
    arena_free(sweep.arena);
    bus_free(publisher.bus);
    memory_broker_free(broker);
    topology_free(topology);
}

START_TEST(publishes_a_command_to_its_queue_and_forgets_it)
{
    fake_outbox_add(&outbox, COMMAND, "{\"user_id\":7}");

    expect_ok(sweep_step(&sweep, &report));

    struct listener listener;
    listener_open(&listener, broker, topology, COMMAND_QUEUE);
    ck_assert_uint_eq(listener.count, 1);
    ck_assert_str_eq(listener.heard[0].name, COMMAND);
    ck_assert_str_eq(listener.heard[0].message_id, outbox.messages[0].message_id);
    ck_assert_str_eq(listener.heard[0].content_type, CONTENT_TYPE_JSON);
    ck_assert_str_eq(listener.heard[0].body, "{\"user_id\":7}");
    ck_assert(listener.heard[0].is_persistent);
    ck_assert_uint_eq(fake_outbox_left(&outbox), 0);
    listener_close(&listener);
}
END_TEST

START_TEST(publishes_an_event_as_a_cloud_event)
{
    struct bus_queue queue = {.name = "all", .exchange = EXCHANGE_EVENTS, .routing_key = "#"};
    struct topology events = *topology;
    events.queues = &queue;
    events.queue_count = 1;
    struct listener listener;
    listener_open(&listener, broker, &events, "all");
    fake_outbox_add(&outbox, EVENT, "{}");

    expect_ok(sweep_step(&sweep, &report));

    listener_poll(&listener);
    ck_assert_uint_eq(listener.count, 1);
    ck_assert_str_eq(listener.heard[0].name, EVENT);
    ck_assert_str_eq(listener.heard[0].content_type, CONTENT_TYPE_EVENT);
    listener_close(&listener);
}
END_TEST

START_TEST(forgets_an_event_that_nobody_listens_for)
{
    fake_outbox_add(&outbox, EVENT, "{}");

    expect_ok(sweep_step(&sweep, &report));

    ck_assert_uint_eq(fake_outbox_left(&outbox), 0);
}
END_TEST

START_TEST(publishes_the_oldest_first)
{
    fake_outbox_add(&outbox, COMMAND, "1");
    fake_outbox_add(&outbox, COMMAND, "2");
    fake_outbox_add(&outbox, COMMAND, "3");

    expect_ok(sweep_step(&sweep, &report));

    struct listener listener;
    listener_open(&listener, broker, topology, COMMAND_QUEUE);
    ck_assert_uint_eq(listener.count, 3);
    ck_assert_str_eq(listener.heard[0].body, "1");
    ck_assert_str_eq(listener.heard[1].body, "2");
    ck_assert_str_eq(listener.heard[2].body, "3");
    listener_close(&listener);
}
END_TEST

START_TEST(keeps_a_command_that_no_queue_takes)
{
    memory_broker_delete_queue(broker, COMMAND_QUEUE);
    fake_outbox_add(&outbox, COMMAND, "{}");

    expect_ok(sweep_step(&sweep, &report));

    ck_assert_uint_eq(fake_outbox_left(&outbox), 1);
    ck_assert_uint_eq(report.left, 1);
    ck_assert_uint_eq(report.published, 0);
}
END_TEST

START_TEST(keeps_a_message_that_no_contract_knows_and_goes_on)
{
    fake_outbox_add(&outbox, "no.such", "{}");
    fake_outbox_add(&outbox, COMMAND, "{}");

    expect_ok(sweep_step(&sweep, &report));

    ck_assert_uint_eq(fake_outbox_left(&outbox), 1);
    ck_assert_int_eq(memory_broker_depth(broker, COMMAND_QUEUE), 1);
    ck_assert_uint_eq(report.published, 1);
    ck_assert_uint_eq(report.left, 1);
}
END_TEST

START_TEST(keeps_everything_while_the_broker_takes_nothing)
{
    memory_broker_set_blocked(broker, true);
    bus_poll(publisher.bus, 0);
    fake_outbox_add(&outbox, COMMAND, "{}");

    expect_ok(sweep_step(&sweep, &report));

    ck_assert_uint_eq(fake_outbox_left(&outbox), 1);
    ck_assert(!outbox.is_held);
}
END_TEST

START_TEST(keeps_what_was_not_confirmed_when_the_connection_broke)
{
    fake_outbox_add(&outbox, COMMAND, "{}");
    memory_bus_disconnect(publisher.bus, false);

    expect_ok(sweep_step(&sweep, &report));

    ck_assert_uint_eq(fake_outbox_left(&outbox), 1);
    ck_assert(!outbox.is_held);
}
END_TEST

START_TEST(publishes_again_what_could_not_be_forgotten)
{
    fake_outbox_add(&outbox, COMMAND, "{}");
    outbox.settle_fails = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, sweep_step(&sweep, &report));
    outbox.settle_fails = OK;
    expect_ok(sweep_step(&sweep, &report));

    ck_assert_int_eq(memory_broker_depth(broker, COMMAND_QUEUE), 2);
    ck_assert_uint_eq(fake_outbox_left(&outbox), 0);
}
END_TEST

START_TEST(passes_trouble_of_the_database_on)
{
    outbox.take_fails = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, sweep_step(&sweep, &report));

    ck_assert(report.is_over);
}
END_TEST

/* A batch that is stuck must not hide what comes after it. */
START_TEST(gets_past_a_whole_batch_that_is_stuck)
{
    for (int i = 0; i < OUTBOX_BATCH_MAX; i++) {
        fake_outbox_add(&outbox, "no.such", "{}");
    }
    fake_outbox_add(&outbox, COMMAND, "{}");

    expect_ok(sweep_step(&sweep, &report));
    ck_assert(!report.is_over);
    expect_ok(sweep_step(&sweep, &report));

    ck_assert(report.is_over);
    ck_assert_uint_eq(report.published, 1);
    ck_assert_uint_eq(report.left, OUTBOX_BATCH_MAX);
    ck_assert_int_eq(memory_broker_depth(broker, COMMAND_QUEUE), 1);
}
END_TEST

START_TEST(begins_anew_at_the_oldest_after_the_end)
{
    memory_broker_delete_queue(broker, COMMAND_QUEUE);
    fake_outbox_add(&outbox, COMMAND, "{}");
    expect_ok(sweep_step(&sweep, &report));
    struct listener listener; /* declares the queue once more */
    listener_open(&listener, broker, topology, COMMAND_QUEUE);

    expect_ok(sweep_step(&sweep, &report));

    listener_poll(&listener);
    ck_assert_uint_eq(listener.count, 1);
    ck_assert_uint_eq(report.published, 1);
    ck_assert_uint_eq(report.left, 0);
    listener_close(&listener);
}
END_TEST

START_TEST(an_empty_outbox_is_swept_at_once)
{
    expect_ok(sweep_step(&sweep, &report));

    ck_assert(report.is_over);
    ck_assert(!outbox.is_held);
    ck_assert_uint_eq(report.published + report.left, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, publishes_a_command_to_its_queue_and_forgets_it);
    tcase_add_test(tests, publishes_an_event_as_a_cloud_event);
    tcase_add_test(tests, forgets_an_event_that_nobody_listens_for);
    tcase_add_test(tests, publishes_the_oldest_first);
    tcase_add_test(tests, keeps_a_command_that_no_queue_takes);
    tcase_add_test(tests, keeps_a_message_that_no_contract_knows_and_goes_on);
    tcase_add_test(tests, keeps_everything_while_the_broker_takes_nothing);
    tcase_add_test(tests, keeps_what_was_not_confirmed_when_the_connection_broke);
    tcase_add_test(tests, publishes_again_what_could_not_be_forgotten);
    tcase_add_test(tests, passes_trouble_of_the_database_on);
    tcase_add_test(tests, gets_past_a_whole_batch_that_is_stuck);
    tcase_add_test(tests, begins_anew_at_the_oldest_after_the_end);
    tcase_add_test(tests, an_empty_outbox_is_swept_at_once);
}
CHECK_MAIN("scheduler sweep", add_tests)
