/* Counting, and adding up. */

#include "common/health/metrics.h"

#include <stdlib.h>

#include "common/contract/contract.h"
#include "common/core/clock.h"
#include "common/core/memory.h"

const int64_t metrics_bounds_us[METRICS_BOUNDS] = {
    1000,   2000,   5000,    10000,   20000,   50000,    100000,
    200000, 500000, 1000000, 2000000, 5000000, 10000000,
};

struct metrics *metrics_new(const struct handler *const *handlers, size_t count)
{
    struct metrics *metrics = memory_new(1, sizeof(*metrics));
    metrics->messages = memory_new(count, sizeof(*metrics->messages));
    metrics->message_count = count;
    metrics->outbox_messages = -1;
    for (size_t i = 0; i < count; i++) {
        metrics->messages[i].contract = handlers[i]->contract;
    }
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    if (metrics != NULL) {
        free(metrics->messages);
        free(metrics);
    }
}

void histogram_note(struct histogram *histogram, int64_t duration_us)
{
    int64_t us = duration_us < 0 ? 0 : duration_us; /* of two clocks, or of one that was set */
    size_t bucket = 0;
    while (bucket < METRICS_BOUNDS && us > metrics_bounds_us[bucket]) {
        bucket++;
    }
    metrics_add(&histogram->counts[bucket], 1);
    metrics_add(&histogram->sum_us, (uint64_t)us);
}

void metrics_set_part(struct metrics *metrics, enum part part, enum part_condition condition)
{
    atomic_store_explicit(&metrics->parts[part], condition, memory_order_relaxed);
}

void metrics_set_serving(struct metrics *metrics, bool is_serving)
{
    atomic_store_explicit(&metrics->is_serving, is_serving, memory_order_relaxed);
}

void metrics_set_outbox(struct metrics *metrics, int64_t messages, int64_t oldest_us)
{
    atomic_store_explicit(&metrics->outbox_messages, messages, memory_order_relaxed);
    atomic_store_explicit(&metrics->outbox_oldest_us, oldest_us, memory_order_relaxed);
}

void metrics_note_mail(struct metrics *metrics, bool is_sent)
{
    metrics_set_part(metrics, PART_MAIL, is_sent ? PART_UP : PART_DOWN);
    atomic_store_explicit(&metrics->mail_at_us, clock_wall_us(), memory_order_relaxed);
}

void metrics_leave(struct message_metrics *message)
{
    metrics_add(&message->in_flight, (uint64_t)-1);
}

static uint64_t read_counter(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void histogram_add_up(const struct histogram *histogram, struct histogram_sum *sum)
{
    for (size_t i = 0; i <= METRICS_BOUNDS; i++) {
        sum->counts[i] += read_counter(&histogram->counts[i]);
    }
    sum->sum_us += read_counter(&histogram->sum_us);
}

uint64_t histogram_count(const struct histogram_sum *sum)
{
    uint64_t count = 0;
    for (size_t i = 0; i <= METRICS_BOUNDS; i++) {
        count += sum->counts[i];
    }
    return count;
}

static struct message_sum *sum_of(struct metrics_sum *sum, const struct contract *contract)
{
    for (size_t i = 0; i < sum->message_count; i++) {
        if (sum->messages[i].contract == contract) {
            return &sum->messages[i];
        }
    }
    struct message_sum *added = &sum->messages[sum->message_count++];
    added->contract = contract;
    return added;
}

static void add_message(const struct message_metrics *from, struct message_sum *to)
{
    for (size_t i = 0; i < ERR_COUNT; i++) {
        to->outcomes[i] += read_counter(&from->outcomes[i]);
    }
    histogram_add_up(&from->duration, &to->duration);
    histogram_add_up(&from->queue_wait, &to->queue_wait);
    to->in_flight += read_counter(&from->in_flight);
    to->retries += read_counter(&from->retries);
    to->dead_letters += read_counter(&from->dead_letters);
}

static enum part_condition condition_of(const struct metrics *metrics, enum part part)
{
    return (enum part_condition)atomic_load_explicit(&metrics->parts[part], memory_order_relaxed);
}

static void add_parts(const struct metrics *from, struct metrics_sum *to)
{
    for (enum part part = PART_BROKER; part < PART_COUNT; part++) {
        enum part_condition condition = condition_of(from, part);
        if (part != PART_MAIL && condition > to->parts[part]) {
            to->parts[part] = condition;
        }
    }
    int64_t mail_at_us = atomic_load_explicit(&from->mail_at_us, memory_order_relaxed);
    if (mail_at_us > to->mail_at_us) {
        to->mail_at_us = mail_at_us;
        to->parts[PART_MAIL] = condition_of(from, PART_MAIL);
    }
}

static void add_outbox(const struct metrics *from, struct metrics_sum *to)
{
    int64_t messages = atomic_load_explicit(&from->outbox_messages, memory_order_relaxed);
    if (messages >= 0) {
        to->outbox_messages = messages;
        to->outbox_oldest_us = atomic_load_explicit(&from->outbox_oldest_us, memory_order_relaxed);
    }
}

void metrics_add_up(const struct metrics *const *all, size_t count, struct arena *arena,
                    struct metrics_sum *ret)
{
    size_t messages = 0;
    for (size_t i = 0; i < count; i++) {
        messages += all[i]->message_count;
    }
    *ret = (struct metrics_sum){
        .messages = arena_alloc(arena, messages * sizeof(*ret->messages)),
        .is_serving = true,
        .outbox_messages = -1,
    };
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < all[i]->message_count; j++) {
            const struct message_metrics *message = &all[i]->messages[j];
            add_message(message, sum_of(ret, message->contract));
        }
        add_parts(all[i], ret);
        add_outbox(all[i], ret);
        ret->is_serving =
            ret->is_serving && atomic_load_explicit(&all[i]->is_serving, memory_order_relaxed);
    }
}

const char *part_name(enum part part)
{
    static const char *const names[] = {"broker", "database", "mail"};
    return names[part];
}

const char *part_condition_name(enum part_condition condition)
{
    static const char *const names[] = {"unknown", "up", "down"};
    return names[condition];
}
