/* Reports, as JSON. */

#include "common/health/reporter.h"

#include <inttypes.h>
#include <string.h>

#include "common/bus/topology.h"
#include "common/contract/contract.h"
#include "common/core/clock.h"
#include "common/json/json.h"

/* The members of contracts/models/latency_counts.json, in the order of metrics_bounds_us. */
static const char *const bucket_names[METRICS_BOUNDS + 1] = {
    "ms_1",   "ms_2",   "ms_5",    "ms_10",   "ms_20",   "ms_50",    "ms_100",
    "ms_200", "ms_500", "ms_1000", "ms_2000", "ms_5000", "ms_10000", "more",
};

static void write_counts(struct buffer *buffer, const char *name, const struct histogram_sum *sum)
{
    if (histogram_count(sum) == 0) {
        return;
    }
    buffer_printf(buffer, ",\"%s\":{", name);
    for (size_t i = 0; i <= METRICS_BOUNDS; i++) {
        buffer_printf(buffer, "%s\"%s\":%" PRIu64, i == 0 ? "" : ",", bucket_names[i],
                      sum->counts[i]);
    }
    buffer_append_text(buffer, "}");
}

static void write_failures(struct buffer *buffer, const struct message_sum *message)
{
    const char *separator = "";
    buffer_append_text(buffer, ",\"failures\":[");
    for (enum err err = OK + 1; err < ERR_COUNT; err++) {
        if (message->outcomes[err] > 0) {
            buffer_printf(buffer, "%s{\"code\":\"%s\",\"count\":%" PRIu64 "}", separator,
                          err_info(err)->code, message->outcomes[err]);
            separator = ",";
        }
    }
    buffer_append_text(buffer, "]");
}

static void write_message(struct buffer *buffer, const struct message_sum *message)
{
    uint64_t done = 0;
    for (enum err err = OK; err < ERR_COUNT; err++) {
        done += message->outcomes[err];
    }
    buffer_printf(buffer,
                  "{\"name\":\"%s\",\"done\":%" PRIu64 ",\"in_flight\":%" PRIu64
                  ",\"retries\":%" PRIu64 ",\"dead_letters\":%" PRIu64,
                  message->contract->name, done, message->in_flight, message->retries,
                  message->dead_letters);
    write_failures(buffer, message);
    write_counts(buffer, "duration", &message->duration);
    write_counts(buffer, "queue_wait", &message->queue_wait);
    buffer_append_text(buffer, "}");
}

static void write_time(struct buffer *buffer, const char *name, int64_t time_us)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format(time_us, text);
    buffer_printf(buffer, ",\"%s\":\"%s\"", name, text);
}

static void write_parts(struct buffer *buffer, const struct metrics_sum *sum)
{
    for (enum part part = PART_BROKER; part < PART_COUNT; part++) {
        if (sum->parts[part] != PART_UNKNOWN) {
            buffer_printf(buffer, ",\"%s\":\"%s\"", part_name(part),
                          part_condition_name(sum->parts[part]));
        }
    }
    if (sum->mail_at_us != 0) {
        write_time(buffer, "mail_at", sum->mail_at_us);
    }
    if (sum->outbox_messages >= 0) {
        buffer_printf(buffer, ",\"outbox_messages\":%" PRId64, sum->outbox_messages);
    }
    if (sum->outbox_oldest_us != 0) {
        write_time(buffer, "outbox_oldest_at", sum->outbox_oldest_us);
    }
}

void report_write(const struct vitals *vitals, const struct metrics_sum *sum, struct buffer *buffer)
{
    buffer_printf(buffer, "{\"service\":\"%s\",\"pid\":%" PRId64 ",\"host\":", vitals->service,
                  vitals->pid);
    json_encode_text(vitals->host, strlen(vitals->host), buffer);
    write_time(buffer, "started_at", vitals->started_at_us);
    buffer_printf(buffer, ",\"is_serving\":%s", sum->is_serving ? "true" : "false");
    write_parts(buffer, sum);
    buffer_append_text(buffer, ",\"messages\":[");
    for (size_t i = 0; i < sum->message_count; i++) {
        buffer_append_text(buffer, i == 0 ? "" : ",");
        write_message(buffer, &sum->messages[i]);
    }
    buffer_append_text(buffer, "]}");
}

static void publish(const struct reporter *reporter, struct bus *bus, struct arena *arena)
{
    struct metrics_sum sum;
    struct buffer buffer;
    const struct vitals *vitals = reporter->vitals;
    metrics_add_up(vitals->metrics, vitals->metrics_count, arena, &sum);
    buffer_init(&buffer, arena);
    report_write(vitals, &sum, &buffer);
    const struct bus_message message = {
        .exchange = EXCHANGE_REPORTS,
        .routing_key = vitals->service,
        .type = REPORT_TYPE,
        .content_type = "application/json",
        .body = buffer.data,
        .body_size = buffer.size,
    };
    (void)!bus_publish(bus, &message, NULL);
}

void reporter_tell(struct reporter *reporter, struct bus *bus, int64_t now_ms)
{
    if (now_ms < reporter->due_ms || !bus_is_up(bus)) {
        return;
    }
    reporter->due_ms = now_ms + REPORT_INTERVAL_MS;
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    publish(reporter, bus, arena);
}
