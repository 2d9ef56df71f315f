/* What is kept of the processes' reports, and what people are shown of it. */

#include "services/gateway/overview.h"

#include <string.h>

#include "services/gateway/reports.h"
#include "tests/gateway/broker_world.h"

static struct arena *arena;
static struct reports *reports;
static struct local local;
static struct health health;
static struct operations_overview overview;

/* A process, as it tells of itself. */
struct told {
    const char *service;
    int pid;
    int done;
    const char *more; /* members of the report */
    const char *message;
    const char *duration; /* its member of the message, with the comma before it */
    int64_t started_s;
};

static void setup(void)
{
    world_setup();
    arena = arena_new();
    reports = reports_new();
    local = (struct local){.broker = world.broker, .reports = reports, .now_ms = 1000000};
}

static void teardown(void)
{
    reports_free(reports);
    arena_free(arena);
    world_teardown();
}

static void take(const char *body)
{
    const struct bus_message message = {.body = body, .body_size = strlen(body)};
    reports_take(reports, &message, local.now_ms);
}

static const char *text_of(const struct told *told)
{
    return arena_printf(
        arena,
        "{\"service\":\"%s\",\"pid\":%d,\"host\":\"here\",\"started_at\":\"2026-01-02T03:04:%02d"
        ".000000Z\",\"is_serving\":true%s,\"messages\":[{\"name\":\"%s\",\"done\":%d,"
        "\"in_flight\":1,\"retries\":0,\"dead_letters\":0,\"failures\":[{\"code\":\"not_found\","
        "\"count\":2}]%s}]}",
        told->service, told->pid, (int)told->started_s, told->more == NULL ? "" : told->more,
        told->message == NULL ? "users.me" : told->message, told->done,
        told->duration == NULL ? "" : told->duration);
}

static void tell(struct told told)
{
    take(text_of(&told));
}

static size_t count(void)
{
    const struct reported *all[REPORTS_MAX];
    return reports_list(reports, local.now_ms, all);
}

static const struct operations_message *look_at(const char *name)
{
    overview_operations(&test_gateway, &local, arena, &overview);
    for (size_t i = 0; i < overview.messages_count; i++) {
        if (strcmp(overview.messages[i].name, name) == 0) {
            return &overview.messages[i];
        }
    }
    ck_abort_msg("no message %s", name);
}

static enum part_state part(const char *name)
{
    overview_health(&local, arena, &health);
    for (size_t i = 0; i < health.parts_count; i++) {
        if (strcmp(health.parts[i].name, name) == 0) {
            return health.parts[i].state;
        }
    }
    ck_abort_msg("no part %s", name);
}

static void tell_of_all_services(const char *more)
{
    static const char *const services[] = {"command-service", "gateway", "query-service",
                                           "scheduler"};
    for (size_t i = 0; i < ARRAY_COUNT(services); i++) {
        tell((struct told){.service = services[i], .pid = 7, .more = more});
    }
}

START_TEST(keeps_the_latest_of_each_process)
{
    tell((struct told){.service = "query-service", .pid = 1, .done = 3});
    tell((struct told){.service = "query-service", .pid = 1, .done = 5});
    tell((struct told){.service = "query-service", .pid = 2, .done = 7});

    ck_assert_uint_eq(count(), 2);
    ck_assert_int_eq(look_at("users.me")->done, 12);
    ck_assert_int_eq(look_at("users.me")->processes, 2);
}
END_TEST

START_TEST(forgets_who_is_not_heard_of_any_more)
{
    tell((struct told){.service = "query-service", .pid = 1});
    local.now_ms += REPORT_LIFE_MS - 1;
    ck_assert_uint_eq(count(), 1);

    local.now_ms++;

    ck_assert_uint_eq(count(), 0);
}
END_TEST

START_TEST(ignores_what_is_no_report)
{
    static const char *const foul[] = {
        "", "{", "[]", "{\"service\":\"x\"}",
        "{\"service\":\"x\",\"pid\":-1,\"host\":\"h\",\"started_at\":\"never\"}"};
    for (size_t i = 0; i < ARRAY_COUNT(foul); i++) {
        take(foul[i]);
    }
    const struct bus_message empty = {0};
    reports_take(reports, &empty, local.now_ms);
    char *large = arena_alloc(arena, REPORT_SIZE_MAX + 2);
    memset(large, ' ', REPORT_SIZE_MAX + 1);
    const char *good = text_of(&(struct told){.service = "gateway", .pid = 1});
    memcpy(large, good, strlen(good));
    take(large);

    ck_assert_uint_eq(count(), 0);
}
END_TEST

START_TEST(knows_no_more_processes_than_it_has_room_for)
{
    for (int i = 0; i < REPORTS_MAX + 5; i++) {
        tell((struct told){.service = "query-service", .pid = i + 1});
    }

    ck_assert_uint_eq(count(), REPORTS_MAX);
}
END_TEST

START_TEST(reckons_a_rate_from_the_difference_of_reports)
{
    tell((struct told){.service = "query-service", .pid = 1, .done = 1000});
    ck_assert_int_eq(look_at("users.me")->per_minute, 0);

    local.now_ms += 2000;
    tell((struct told){.service = "query-service", .pid = 1, .done = 1010});

    ck_assert_int_eq(look_at("users.me")->per_minute, 300);
}
END_TEST

START_TEST(reckons_it_from_the_last_minute_only)
{
    for (int second = 0; second <= 120; second += 2) {
        int done = second < 60 ? 100 * second : 6000;
        tell((struct told){.service = "query-service", .pid = 1, .done = done});
        local.now_ms += 2000;
    }
    local.now_ms -= 2000;

    ck_assert_int_eq(look_at("users.me")->per_minute, 0);
    ck_assert_int_eq(look_at("users.me")->done, 6000);
}
END_TEST

START_TEST(begins_anew_with_a_process_of_the_same_number)
{
    tell((struct told){.service = "query-service", .pid = 1, .done = 1000});
    local.now_ms += 2000;
    tell((struct told){.service = "query-service", .pid = 1, .done = 4, .started_s = 9});

    ck_assert_uint_eq(count(), 1);
    ck_assert_int_eq(look_at("users.me")->done, 4);
    ck_assert_int_eq(look_at("users.me")->per_minute, 0);
}
END_TEST

#define DURATION(ms_1, ms_2, ms_10, more)                                                          \
    ",\"duration\":{\"ms_1\":" #ms_1 ",\"ms_2\":" #ms_2 ",\"ms_5\":0,\"ms_10\":" #ms_10            \
    ",\"ms_20\":0,\"ms_50\":0,\"ms_100\":0,\"ms_200\":0,\"ms_500\":0,\"ms_1000\":0,"               \
    "\"ms_2000\":0,\"ms_5000\":0,\"ms_10000\":0,\"more\":" #more "}"

START_TEST(shows_percentiles_of_what_was_done_meanwhile)
{
    tell((struct told){.service = "query-service", .pid = 1, .duration = DURATION(500, 0, 0, 9)});
    ck_assert(!look_at("users.me")->has_p50_ms);

    local.now_ms += 2000;
    tell((struct told){.service = "query-service", .pid = 1, .duration = DURATION(500, 90, 10, 9)});

    const struct operations_message *message = look_at("users.me");
    ck_assert(message->has_p50_ms && message->has_p95_ms && message->has_p99_ms);
    ck_assert_int_eq(message->p50_ms, 2);
    ck_assert_int_eq(message->p95_ms, 8);
    ck_assert_int_eq(message->p99_ms, 10);
}
END_TEST

START_TEST(adds_failures_up_by_their_codes)
{
    tell((struct told){.service = "query-service", .pid = 1});
    tell((struct told){.service = "query-service", .pid = 2});

    const struct operations_message *message = look_at("users.me");
    ck_assert_uint_eq(message->failures_count, 1);
    ck_assert_str_eq(message->failures[0].code, "not_found");
    ck_assert_int_eq(message->failures[0].count, 4);
    ck_assert_int_eq(message->failed, 4);
    ck_assert_int_eq(message->in_flight, 2);
}
END_TEST

START_TEST(shows_depths_once_somebody_looks)
{
    const struct bus_message waiting = {.exchange = "postroom.commands",
                                        .routing_key = "posts.create",
                                        .body = "{}",
                                        .body_size = 2};
    for (int i = 0; i < 3; i++) {
        ck_assert(bus_publish(world.service, &waiting, NULL));
    }
    (void)look_at("posts.create");

    world_wait(2000);
    world_settle();

    const struct operations_message *message = look_at("posts.create");
    ck_assert(message->has_depth && message->has_consumers);
    ck_assert_int_eq(message->depth, 3);
    ck_assert_int_eq(message->consumers, 0);
    ck_assert_int_eq(look_at("users.me")->consumers, 1);
    world_wait(60000); /* nobody looked meanwhile */
    (void)look_at("posts.create");
    ck_assert(!look_at("posts.create")->has_depth);
}
END_TEST

START_TEST(shows_every_message_whether_served_or_not)
{
    ck_assert_int_eq(look_at("users.send_registration_notification")->processes, 0);
    ck_assert_uint_eq(overview.processes_count, 0);
    ck_assert(!overview.has_outbox_messages);
}
END_TEST

START_TEST(shows_processes_and_the_outbox)
{
    tell((struct told){
        .service = "scheduler", .pid = 12, .more = ",\"database\":\"down\",\"outbox_messages\":3"});
    (void)look_at("users.me");

    ck_assert_uint_eq(overview.processes_count, 1);
    ck_assert_str_eq(overview.processes[0].service, "scheduler");
    ck_assert_int_eq(overview.processes[0].pid, 12);
    ck_assert_int_eq(overview.processes[0].database, PART_STATE_DOWN);
    ck_assert_int_eq(overview.outbox_messages, 3);
}
END_TEST

START_TEST(is_well_when_all_parts_are)
{
    tell_of_all_services(",\"database\":\"up\"");

    ck_assert_int_eq(part("query-service"), PART_STATE_UP);
    ck_assert_int_eq(part("database"), PART_STATE_UP);
    ck_assert_int_eq(part("broker"), PART_STATE_UP);
    ck_assert_int_eq(part("mail"), PART_STATE_UNKNOWN);
    ck_assert_int_eq(health.status, HEALTH_STATUS_OK);
}
END_TEST

/* A report goes round by the broker. */
static void report(void)
{
    const struct bus_message message = {.exchange = EXCHANGE_REPORTS, .body = "{}", .body_size = 2};
    ck_assert(bus_publish(world.service, &message, NULL));
    world_settle();
}

START_TEST(misses_a_broker_that_does_not_answer)
{
    report();
    world_wait(5999);
    ck_assert_int_eq(part("broker"), PART_STATE_UP);

    world_wait(1);

    ck_assert_int_eq(part("broker"), PART_STATE_DOWN);
    ck_assert(!broker_is_answering(world.broker));
    report();
    ck_assert_int_eq(part("broker"), PART_STATE_UP);
}
END_TEST

START_TEST(misses_a_service_that_nobody_heard_of)
{
    tell((struct told){.service = "scheduler", .pid = 1, .more = ",\"database\":\"up\""});

    ck_assert_int_eq(part("scheduler"), PART_STATE_UP);
    ck_assert_int_eq(part("command-service"), PART_STATE_DOWN);
    ck_assert_int_eq(health.status, HEALTH_STATUS_FAILING);
}
END_TEST

START_TEST(fails_where_one_process_has_no_database)
{
    tell_of_all_services(",\"database\":\"up\"");
    tell((struct told){.service = "query-service", .pid = 8, .more = ",\"database\":\"down\""});

    ck_assert_int_eq(part("database"), PART_STATE_DOWN);
    ck_assert_int_eq(health.status, HEALTH_STATUS_FAILING);
}
END_TEST

START_TEST(goes_by_the_latest_mail_of_all)
{
    tell_of_all_services(
        ",\"database\":\"up\",\"mail\":\"up\",\"mail_at\":\"2026-01-02T03:04:05.000000Z\"");
    ck_assert_int_eq(part("mail"), PART_STATE_UP);
    ck_assert_int_eq(health.status, HEALTH_STATUS_OK);

    tell((struct told){.service = "command-service",
                       .pid = 8,
                       .more = ",\"mail\":\"down\",\"mail_at\":\"2026-01-02T03:04:06.000000Z\""});

    ck_assert_int_eq(part("mail"), PART_STATE_DOWN);
    ck_assert_int_eq(health.status, HEALTH_STATUS_FAILING);
}
END_TEST

START_TEST(hears_of_processes_by_the_brokers_reply_queue)
{
    const char *body = text_of(&(struct told){.service = "query-service", .pid = 3});
    const struct bus_message report = {.exchange = "postroom.reports",
                                       .routing_key = "query-service",
                                       .body = body,
                                       .body_size = strlen(body)};
    ck_assert(bus_publish(world.service, &report, NULL));
    world_settle();

    local.reports = broker_reports(world.broker);
    local.now_ms = world.now_ms;
    ck_assert_int_eq(look_at("users.me")->processes, 1);
    ck_assert_int_eq(world.told.count, 0); /* it is nobody's reply */
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, keeps_the_latest_of_each_process);
    tcase_add_test(tests, forgets_who_is_not_heard_of_any_more);
    tcase_add_test(tests, ignores_what_is_no_report);
    tcase_add_test(tests, knows_no_more_processes_than_it_has_room_for);
    tcase_add_test(tests, reckons_a_rate_from_the_difference_of_reports);
    tcase_add_test(tests, reckons_it_from_the_last_minute_only);
    tcase_add_test(tests, begins_anew_with_a_process_of_the_same_number);
    tcase_add_test(tests, shows_percentiles_of_what_was_done_meanwhile);
    tcase_add_test(tests, adds_failures_up_by_their_codes);
    tcase_add_test(tests, shows_depths_once_somebody_looks);
    tcase_add_test(tests, shows_every_message_whether_served_or_not);
    tcase_add_test(tests, shows_processes_and_the_outbox);
    tcase_add_test(tests, is_well_when_all_parts_are);
    tcase_add_test(tests, misses_a_broker_that_does_not_answer);
    tcase_add_test(tests, misses_a_service_that_nobody_heard_of);
    tcase_add_test(tests, fails_where_one_process_has_no_database);
    tcase_add_test(tests, goes_by_the_latest_mail_of_all);
    tcase_add_test(tests, hears_of_processes_by_the_brokers_reply_queue);
}
CHECK_MAIN("overview", add_tests)
