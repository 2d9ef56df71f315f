/*
 * What a thread counts of its work, for /metrics, for the process's reports and for /readyz. One
 * thread owns a `struct metrics` and alone writes to it; any thread may read it: each number is an
 * atomic that is loaded and stored relaxed, so that counting costs an addition and no lock. Numbers
 * that are read together need not belong to the same moment.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/core/err.h"

struct contract;
struct handler;

enum { METRICS_BOUNDS = 13 };
/* The upper bounds of the buckets: 1 ms … 10 s; one more bucket is beyond all of them. */
extern const int64_t metrics_bounds_us[METRICS_BOUNDS];

struct histogram {
    _Atomic uint64_t counts[METRICS_BOUNDS + 1];
    _Atomic uint64_t sum_us;
};

struct message_metrics {
    const struct contract *contract;
    _Atomic uint64_t outcomes[ERR_COUNT]; /* messages that were done with, by outcome */
    struct histogram duration;            /* of the try that brought the outcome */
    struct histogram queue_wait;          /* from the message's making to its first try */
    _Atomic uint64_t in_flight;           /* delivered, and not done with */
    _Atomic uint64_t retries;             /* tries in vain after which another is made */
    _Atomic uint64_t dead_letters;
};

/* What a process needs, and how it found it when it used it last. */
enum part { PART_BROKER, PART_DATABASE, PART_MAIL, PART_COUNT };
enum part_condition { PART_UNKNOWN, PART_UP, PART_DOWN };

struct metrics {
    struct message_metrics *messages;
    size_t message_count;
    _Atomic int parts[PART_COUNT];    /* of enum part_condition */
    _Atomic int64_t mail_at_us;       /* when mail was last sent, or tried in vain; 0: never */
    atomic_bool is_serving;           /* can it do its work now? */
    _Atomic int64_t outbox_messages;  /* -1: not this thread's to know */
    _Atomic int64_t outbox_oldest_us; /* when the oldest of them was stored; 0: there is none */
};

/* For the messages of these handlers; owned. Made before its thread, gone after it. */
struct metrics *metrics_new(const struct handler *const *handlers, size_t count);
void metrics_free(struct metrics *metrics);

/* By the owner: */
static inline void metrics_add(_Atomic uint64_t *counter, uint64_t by)
{
    uint64_t value = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, value + by, memory_order_relaxed);
}
void histogram_note(struct histogram *histogram, int64_t duration_us);
void metrics_set_part(struct metrics *metrics, enum part part, enum part_condition condition);
void metrics_set_serving(struct metrics *metrics, bool is_serving);
void metrics_set_outbox(struct metrics *metrics, int64_t messages, int64_t oldest_us);
/* A mail was sent, or tried in vain. */
void metrics_note_mail(struct metrics *metrics, bool is_sent);
/* A message is done with, or left to another. */
void metrics_leave(struct message_metrics *message);

/* By anybody: plain numbers, added up over threads. */
struct histogram_sum {
    uint64_t counts[METRICS_BOUNDS + 1];
    uint64_t sum_us;
};
struct message_sum {
    const struct contract *contract;
    uint64_t outcomes[ERR_COUNT];
    struct histogram_sum duration;
    struct histogram_sum queue_wait;
    uint64_t in_flight;
    uint64_t retries;
    uint64_t dead_letters;
};
struct metrics_sum {
    struct message_sum *messages; /* in the arena, each message once */
    size_t message_count;
    enum part_condition parts[PART_COUNT]; /* down where any thread says so; mail: the latest */
    int64_t mail_at_us;
    bool is_serving; /* all threads are */
    int64_t outbox_messages;
    int64_t outbox_oldest_us;
};
void metrics_add_up(const struct metrics *const *all, size_t count, struct arena *arena,
                    struct metrics_sum *ret);
void histogram_add_up(const struct histogram *histogram, struct histogram_sum *sum);
uint64_t histogram_count(const struct histogram_sum *sum);
/* "broker", "database", "mail" */
const char *part_name(enum part part);
/* "unknown", "up", "down" */
const char *part_condition_name(enum part_condition condition);
