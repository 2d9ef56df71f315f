/* Reports: as the model says, now and then, and nothing that waits. */

#include "common/health/reporter.h"

#include <string.h>
#include <unistd.h>

#include "common/bus/memory_bus.h"
#include "common/contract/contract.h"
#include "common/json/json.h"
#include "contracts/models.h"
#include "tests/support/check_main.h"

static const struct contract create = {.name = "posts.create", .kind = MESSAGE_COMMAND};
static const struct handler handler = {.contract = &create};
static const struct handler *const handlers[] = {&handler};

static struct topology *topology;
static struct memory_broker *broker;
static struct bus *sender;
static struct bus *listener;
static struct metrics *metrics;
static const struct metrics *all[1];
static struct vitals vitals;
static struct reporter reporter;
static struct arena *arena;
static struct {
    int count;
    bool is_persistent;
    struct process_report report;
} got;

static void on_report(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    struct problem problem = {0};
    (void)owner;
    (void)bus;
    got.count++;
    got.is_persistent = delivery->message.is_persistent;
    ck_assert_str_eq(delivery->message.type, REPORT_TYPE);
    ck_assert_str_eq(delivery->message.exchange, "postroom.reports");
    expect_ok(json_decode(&process_report_object, delivery->message.body,
                          delivery->message.body_size, arena, &problem, &got.report));
}

static void settle(void)
{
    for (int i = 0; i < 4; i++) {
        bus_process(sender);
        bus_process(listener);
    }
}

static void setup(void)
{
    static const struct bus_events nothing = {0};
    static const struct bus_events events = {.on_delivery = on_report};
    memset(&got, 0, sizeof(got));
    arena = arena_new();
    topology = topology_new(NULL, 0);
    broker = memory_broker_new();
    sender = memory_bus_new(broker, topology, &nothing, NULL);
    listener = memory_bus_new(broker, topology, &events, NULL);
    bus_add_reply_queue(listener, 0);
    bus_bind_reply_queue(listener, EXCHANGE_REPORTS);
    settle();
    metrics = metrics_new(handlers, 1);
    all[0] = metrics;
    vitals_init(&vitals, "command-service");
    vitals.metrics = all;
    vitals.metrics_count = 1;
    reporter = (struct reporter){.vitals = &vitals};
}

static void teardown(void)
{
    bus_free(sender);
    bus_free(listener);
    memory_broker_free(broker);
    topology_free(topology);
    metrics_free(metrics);
    arena_free(arena);
}

static void tell(int64_t now_ms)
{
    reporter_tell(&reporter, sender, now_ms);
    settle();
}

START_TEST(tells_what_the_model_has)
{
    metrics_add(&metrics->messages[0].outcomes[OK], 3);
    metrics_add(&metrics->messages[0].outcomes[ERR_NOT_FOUND], 2);
    metrics_add(&metrics->messages[0].dead_letters, 1);
    histogram_note(&metrics->messages[0].duration, 1500);
    histogram_note(&metrics->messages[0].duration, 20000000);
    metrics_set_part(metrics, PART_BROKER, PART_UP);
    metrics_set_part(metrics, PART_DATABASE, PART_DOWN);
    metrics_note_mail(metrics, true);
    metrics_set_outbox(metrics, 4, 1700000000000000);
    metrics_set_serving(metrics, true);

    tell(1000);

    const struct process_report *report = &got.report;
    ck_assert_int_eq(got.count, 1);
    ck_assert(!got.is_persistent);
    ck_assert_str_eq(report->service, "command-service");
    ck_assert_int_eq(report->pid, getpid());
    ck_assert_str_eq(report->host, vitals.host);
    ck_assert_int_eq(report->started_at, vitals.started_at_us);
    ck_assert(report->is_serving);
    ck_assert_int_eq(report->broker, PART_STATE_UP);
    ck_assert_int_eq(report->database, PART_STATE_DOWN);
    ck_assert_int_eq(report->mail, PART_STATE_UP);
    ck_assert(report->has_mail_at);
    ck_assert_int_eq(report->outbox_messages, 4);
    ck_assert_int_eq(report->outbox_oldest_at, 1700000000000000);
    ck_assert_uint_eq(report->messages_count, 1);
    const struct message_report *message = &report->messages[0];
    ck_assert_str_eq(message->name, "posts.create");
    ck_assert_int_eq(message->done, 5);
    ck_assert_int_eq(message->dead_letters, 1);
    ck_assert_uint_eq(message->failures_count, 1);
    ck_assert_str_eq(message->failures[0].code, "not_found");
    ck_assert_int_eq(message->failures[0].count, 2);
    ck_assert(message->has_duration && !message->has_queue_wait);
    ck_assert_int_eq(message->duration.ms_2, 1);
    ck_assert_int_eq(message->duration.more, 1);
}
END_TEST

START_TEST(leaves_out_what_is_not_known)
{
    tell(1000);

    ck_assert_int_eq(got.count, 1);
    ck_assert(!got.report.is_serving);
    ck_assert_int_eq(got.report.broker, 0);
    ck_assert(!got.report.has_mail_at && !got.report.has_outbox_messages);
    ck_assert(!got.report.messages[0].has_duration);
}
END_TEST

START_TEST(tells_every_two_seconds)
{
    tell(1000);
    tell(2999);
    ck_assert_int_eq(got.count, 1);

    tell(3000);

    ck_assert_int_eq(got.count, 2);
}
END_TEST

START_TEST(tells_as_soon_as_the_broker_is_back)
{
    memory_bus_disconnect(sender, false);
    bus_process(sender);
    reporter_tell(&reporter, sender, 1000);
    ck_assert_int_eq(got.count, 0);

    settle();
    tell(1001);

    ck_assert_int_eq(got.count, 1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, tells_what_the_model_has);
    tcase_add_test(tests, leaves_out_what_is_not_known);
    tcase_add_test(tests, tells_every_two_seconds);
    tcase_add_test(tests, tells_as_soon_as_the_broker_is_back);
}
CHECK_MAIN("reporter", add_tests)
