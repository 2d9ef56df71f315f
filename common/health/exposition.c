/* The text that Prometheus reads. */

#include "common/health/exposition.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/contract/contract.h"
#include "common/core/clock.h"

enum { LABELS_SIZE = 256 };

void exposition_family(struct buffer *buffer, const char *name, const char *type, const char *help)
{
    buffer_printf(buffer, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void exposition_sample(struct buffer *buffer, const char *name, const char *labels, double value)
{
    const char *open = labels[0] == '\0' ? "" : "{";
    const char *close = labels[0] == '\0' ? "" : "}";
    buffer_printf(buffer, "%s%s%s%s %.15g\n", name, open, labels, close, value);
}

void exposition_histogram(struct buffer *buffer, const char *name, const char *labels,
                          const struct histogram_sum *sum)
{
    uint64_t count = 0;
    for (size_t i = 0; i < METRICS_BOUNDS; i++) {
        count += sum->counts[i];
        buffer_printf(buffer, "%s_bucket{%s,le=\"%g\"} %" PRIu64 "\n", name, labels,
                      (double)metrics_bounds_us[i] / 1e6, count);
    }
    count += sum->counts[METRICS_BOUNDS];
    buffer_printf(buffer, "%s_bucket{%s,le=\"+Inf\"} %" PRIu64 "\n", name, labels, count);
    buffer_printf(buffer, "%s_sum{%s} %.15g\n", name, labels, (double)sum->sum_us / 1e6);
    buffer_printf(buffer, "%s_count{%s} %" PRIu64 "\n", name, labels, count);
}

static void write_parts(struct buffer *buffer, const struct metrics_sum *sum)
{
    exposition_family(buffer, "postroom_part_up", "gauge",
                      "Whether a part was there when it was last used (1) or not (0).");
    for (enum part part = PART_BROKER; part < PART_COUNT; part++) {
        char labels[LABELS_SIZE];
        if (sum->parts[part] != PART_UNKNOWN) {
            (void)snprintf(labels, sizeof(labels), "part=\"%s\"", part_name(part));
            exposition_sample(buffer, "postroom_part_up", labels, sum->parts[part] == PART_UP);
        }
    }
}

static void write_outbox(struct buffer *buffer, const struct metrics_sum *sum)
{
    if (sum->outbox_messages < 0) {
        return;
    }
    int64_t age_us = sum->outbox_oldest_us == 0 ? 0 : clock_wall_us() - sum->outbox_oldest_us;
    exposition_family(buffer, "postroom_outbox_messages", "gauge",
                      "Messages in the outbox that the broker does not have yet.");
    exposition_sample(buffer, "postroom_outbox_messages", "", (double)sum->outbox_messages);
    exposition_family(buffer, "postroom_outbox_oldest_age_seconds", "gauge",
                      "Age of the oldest message in the outbox.");
    exposition_sample(buffer, "postroom_outbox_oldest_age_seconds", "",
                      (double)(age_us < 0 ? 0 : age_us) / 1e6);
}

static void write_outcomes(struct buffer *buffer, const struct message_sum *message)
{
    for (enum err err = OK; err < ERR_COUNT; err++) {
        char labels[LABELS_SIZE];
        if (err != OK && message->outcomes[err] == 0) {
            continue;
        }
        (void)snprintf(labels, sizeof(labels), "message=\"%s\",code=\"%s\"",
                       message->contract->name, err == OK ? "ok" : err_info(err)->code);
        exposition_sample(buffer, "postroom_messages_total", labels,
                          (double)message->outcomes[err]);
    }
}

/* A number of each message: at this offset in its sum. */
static void write_numbers(struct buffer *buffer, const struct metrics_sum *sum, const char *name,
                          size_t offset)
{
    for (size_t i = 0; i < sum->message_count; i++) {
        char labels[LABELS_SIZE];
        const char *message = (const char *)&sum->messages[i];
        (void)snprintf(labels, sizeof(labels), "message=\"%s\"", sum->messages[i].contract->name);
        exposition_sample(buffer, name, labels,
                          (double)*(const uint64_t *)(const void *)(message + offset));
    }
}

static void write_histograms(struct buffer *buffer, const struct metrics_sum *sum, const char *name,
                             size_t offset)
{
    for (size_t i = 0; i < sum->message_count; i++) {
        char labels[LABELS_SIZE];
        const char *message = (const char *)&sum->messages[i];
        (void)snprintf(labels, sizeof(labels), "message=\"%s\"", sum->messages[i].contract->name);
        exposition_histogram(buffer, name, labels,
                             (const struct histogram_sum *)(const void *)(message + offset));
    }
}

static void write_messages(struct buffer *buffer, const struct metrics_sum *sum)
{
    if (sum->message_count == 0) {
        return;
    }
    exposition_family(buffer, "postroom_messages_total", "counter",
                      "Messages that were done with, by outcome.");
    for (size_t i = 0; i < sum->message_count; i++) {
        write_outcomes(buffer, &sum->messages[i]);
    }
    exposition_family(buffer, "postroom_message_duration_seconds", "histogram",
                      "Time from the start of the last try of a message to its outcome.");
    write_histograms(buffer, sum, "postroom_message_duration_seconds",
                     offsetof(struct message_sum, duration));
    exposition_family(buffer, "postroom_message_queue_seconds", "histogram",
                      "Time from the making of a message to its first try, where its identity "
                      "tells when it was made.");
    write_histograms(buffer, sum, "postroom_message_queue_seconds",
                     offsetof(struct message_sum, queue_wait));
    exposition_family(buffer, "postroom_messages_in_flight", "gauge",
                      "Messages that were delivered and are not done with.");
    write_numbers(buffer, sum, "postroom_messages_in_flight",
                  offsetof(struct message_sum, in_flight));
    exposition_family(buffer, "postroom_message_retries_total", "counter",
                      "Tries of messages in vain after which another is made.");
    write_numbers(buffer, sum, "postroom_message_retries_total",
                  offsetof(struct message_sum, retries));
    exposition_family(buffer, "postroom_dead_letters_total", "counter",
                      "Messages that were kept as dead letters.");
    write_numbers(buffer, sum, "postroom_dead_letters_total",
                  offsetof(struct message_sum, dead_letters));
}

void exposition_process(struct buffer *buffer, const struct metrics_sum *sum, int64_t started_at_us)
{
    exposition_family(buffer, "process_start_time_seconds", "gauge",
                      "When the process started, in seconds since 1970.");
    exposition_sample(buffer, "process_start_time_seconds", "", (double)started_at_us / 1e6);
    exposition_family(buffer, "postroom_serving", "gauge",
                      "Whether the process can do its work now (1) or not (0).");
    exposition_sample(buffer, "postroom_serving", "", sum->is_serving);
    write_parts(buffer, sum);
    write_outbox(buffer, sum);
    write_messages(buffer, sum);
}
