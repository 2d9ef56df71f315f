/* Adding up what the processes have told. */

#include "services/gateway/overview.h"

#include <string.h>

#include "common/core/clock.h"
#include "common/health/metrics.h"
#include "services/gateway/broker.h"
#include "services/gateway/reports.h"

enum { COUNTS_MAX = 64, US_A_MS = 1000, MS_A_MINUTE = 60000 };

/* Whoever writes the reports has the buckets in this order. */
_Static_assert(sizeof(struct latency_counts) == (METRICS_BOUNDS + 1) * sizeof(int64_t),
               "as many members as there are buckets");

static enum part_state worse(enum part_state a, enum part_state b)
{
    if (a == PART_STATE_DOWN || b == PART_STATE_DOWN) {
        return PART_STATE_DOWN;
    }
    return a == PART_STATE_UP || b == PART_STATE_UP ? PART_STATE_UP : PART_STATE_UNKNOWN;
}

static enum part_state service_state(const char *service, const struct reported *const *all,
                                     size_t count)
{
    enum part_state state = PART_STATE_DOWN;
    for (size_t i = 0; i < count; i++) {
        const struct process_report *report = all[i]->latest;
        if (strcmp(report->service, service) == 0 && report->is_serving) {
            state = PART_STATE_UP;
        }
    }
    return state;
}

/* As the latest mail went. */
static enum part_state mail_state(const struct reported *const *all, size_t count)
{
    enum part_state state = PART_STATE_UNKNOWN;
    int64_t latest_us = 0;
    for (size_t i = 0; i < count; i++) {
        const struct process_report *report = all[i]->latest;
        if (report->has_mail_at && report->mail_at > latest_us && report->mail != 0) {
            latest_us = report->mail_at;
            state = report->mail;
        }
    }
    return state;
}

static enum part_state database_state(const struct reported *const *all, size_t count)
{
    enum part_state state = PART_STATE_UNKNOWN;
    for (size_t i = 0; i < count; i++) {
        state = worse(state, all[i]->latest->database);
    }
    return state;
}

static void add_part(struct health *health, const char *name, enum part_state state)
{
    health->parts[health->parts_count++] = (struct health_part){.name = name, .state = state};
}

void overview_health(const struct local *local, struct arena *arena, struct health *ret)
{
    static const char *const services[] = {"gateway", "command-service", "query-service",
                                           "scheduler"};
    const struct reported *all[REPORTS_MAX];
    size_t count = reports_list(local->reports, local->now_ms, all);
    bool has_broker = broker_is_answering(local->broker);
    enum part_state mail = mail_state(all, count);
    *ret = (struct health){.status = HEALTH_STATUS_OK};
    ret->parts = arena_alloc(arena, (3 + ARRAY_COUNT(services)) * sizeof(*ret->parts));
    add_part(ret, "broker", has_broker ? PART_STATE_UP : PART_STATE_DOWN);
    add_part(ret, "database", database_state(all, count));
    for (size_t i = 0; i < ARRAY_COUNT(services); i++) {
        add_part(ret, services[i], service_state(services[i], all, count));
    }
    for (size_t i = 0; i < ret->parts_count; i++) {
        if (ret->parts[i].state != PART_STATE_UP) {
            ret->status = HEALTH_STATUS_FAILING;
        }
    }
    add_part(ret, "mail", mail); /* unknown until somebody sends some, and well enough */
    if (mail == PART_STATE_DOWN) {
        ret->status = HEALTH_STATUS_FAILING;
    }
}

/* What is gathered of one message. */
struct gathered {
    struct operations_message *message;
    int64_t counts[METRICS_BOUNDS + 1]; /* of the durations since the earlier reports */
};

static void add_counts(struct gathered *gathered, const struct message_report *report, int sign)
{
    int64_t counts[METRICS_BOUNDS + 1];
    if (report == NULL || !report->has_duration) {
        return;
    }
    memcpy(counts, &report->duration, sizeof(counts));
    for (size_t i = 0; i <= METRICS_BOUNDS; i++) {
        gathered->counts[i] += sign * counts[i];
    }
}

static void add_failure(struct operations_message *message, const struct failure_count *failure)
{
    for (size_t i = 0; i < message->failures_count; i++) {
        if (strcmp(message->failures[i].code, failure->code) == 0) {
            message->failures[i].count += failure->count;
            return;
        }
    }
    if (message->failures_count < COUNTS_MAX) {
        message->failures[message->failures_count++] = *failure;
    }
}

static const struct message_report *report_of(const struct process_report *report, const char *name)
{
    for (size_t i = 0; i < report->messages_count; i++) {
        if (strcmp(report->messages[i].name, name) == 0) {
            return &report->messages[i];
        }
    }
    return NULL;
}

static void add_rate(struct operations_message *message, const struct reported *reported,
                     const struct message_report *now, const struct message_report *earlier)
{
    int64_t span_ms = reported->heard_ms - reported->earlier_ms;
    if (span_ms > 0 && earlier != NULL) {
        message->per_minute += (now->done - earlier->done) * MS_A_MINUTE / span_ms;
    }
}

static void add_process(struct gathered *gathered, const struct reported *reported)
{
    struct operations_message *message = gathered->message;
    const struct message_report *now = report_of(reported->latest, message->name);
    if (now == NULL) {
        return;
    }
    const struct message_report *earlier = report_of(reported->earlier, message->name);
    message->processes++;
    message->done += now->done;
    message->in_flight += now->in_flight;
    message->retries += now->retries;
    message->dead_letters += now->dead_letters;
    for (size_t i = 0; i < now->failures_count; i++) {
        message->failed += now->failures[i].count;
        add_failure(message, &now->failures[i]);
    }
    add_rate(message, reported, now, earlier);
    add_counts(gathered, now, 1);
    add_counts(gathered, earlier, -1);
}

/* The duration that this share of them did not exceed, in ms: within its bucket in proportion. */
static int64_t percentile(const int64_t counts[METRICS_BOUNDS + 1], int64_t total, int64_t percent)
{
    int64_t wanted = (total * percent + 99) / 100;
    int64_t below = 0;
    for (size_t i = 0; i < METRICS_BOUNDS; i++) {
        if (below + counts[i] >= wanted) {
            int64_t from_us = i == 0 ? 0 : metrics_bounds_us[i - 1];
            int64_t width_us = metrics_bounds_us[i] - from_us;
            int64_t us = from_us + width_us * (wanted - below) / counts[i];
            return (us + US_A_MS - 1) / US_A_MS;
        }
        below += counts[i];
    }
    return metrics_bounds_us[METRICS_BOUNDS - 1] / US_A_MS;
}

static void set_percentiles(const struct gathered *gathered)
{
    struct operations_message *message = gathered->message;
    int64_t total = 0;
    for (size_t i = 0; i <= METRICS_BOUNDS; i++) {
        total += gathered->counts[i];
    }
    if (total > 0) {
        message->has_p50_ms = message->has_p95_ms = message->has_p99_ms = true;
        message->p50_ms = percentile(gathered->counts, total, 50);
        message->p95_ms = percentile(gathered->counts, total, 95);
        message->p99_ms = percentile(gathered->counts, total, 99);
    }
}

static void set_queue(const struct local *local, struct operations_message *message)
{
    message->has_depth = message->has_consumers =
        broker_queue_counts(local->broker, message->queue, &message->consumers, &message->depth);
}

static void fill_message(const struct contract *contract, const struct local *local,
                         const struct reported *const *all, size_t count, struct arena *arena,
                         struct operations_message *ret)
{
    struct gathered gathered = {.message = ret};
    *ret = (struct operations_message){.name = contract->name, .queue = contract->queue};
    ret->failures = arena_alloc(arena, COUNTS_MAX * sizeof(*ret->failures));
    for (size_t i = 0; i < count; i++) {
        add_process(&gathered, all[i]);
    }
    set_percentiles(&gathered);
    set_queue(local, ret);
}

static void fill_process(const struct reported *reported, struct operations_process *ret)
{
    const struct process_report *report = reported->latest;
    *ret = (struct operations_process){
        .service = report->service,
        .host = report->host,
        .pid = report->pid,
        .started_at = report->started_at,
        .heard_at = reported->heard_at_us,
        .is_serving = report->is_serving,
        .broker = report->broker,
        .database = report->database,
        .mail = report->mail,
    };
}

static void add_outbox(const struct process_report *report, struct operations_overview *ret)
{
    if (report->has_outbox_messages) {
        ret->has_outbox_messages = true;
        ret->outbox_messages = report->outbox_messages;
        ret->has_outbox_oldest_at = report->has_outbox_oldest_at;
        ret->outbox_oldest_at = report->outbox_oldest_at;
    }
}

void overview_operations(const struct gateway *gateway, const struct local *local,
                         struct arena *arena, struct operations_overview *ret)
{
    const struct reported *all[REPORTS_MAX];
    size_t count = reports_list(local->reports, local->now_ms, all);
    broker_watch_queues(local->broker);
    *ret = (struct operations_overview){.at = clock_wall_us()};
    ret->messages = arena_alloc(arena, gateway->contract_count * sizeof(*ret->messages));
    ret->processes = arena_alloc(arena, count * sizeof(*ret->processes));
    for (size_t i = 0; i < gateway->contract_count; i++) {
        if (gateway->contracts[i]->kind != MESSAGE_EVENT) {
            fill_message(gateway->contracts[i], local, all, count, arena,
                         &ret->messages[ret->messages_count++]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        fill_process(all[i], &ret->processes[ret->processes_count++]);
        add_outbox(all[i]->latest, ret);
    }
}
