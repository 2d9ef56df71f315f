/* Counts of consumers. */

#include "services/gateway/consumers.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"

enum {
    REFRESH_MS = 1000,  /* between two questions for a queue in use */
    FRESH_MS = 3000,    /* how long a count is believed */
    ABSENT_MS = 100,    /* how long an absence is: services start, and the question is cheap */
    IN_USE_MS = 30000,  /* since the last message */
    WATCHED_MS = 15000, /* since somebody looked at all */
    SHOWN_MS = 10000,   /* how long counts are shown */
};

struct queue {
    const char *name;
    int64_t count; /* -1: unknown, or no such queue */
    int64_t messages;
    int64_t answered_ms; /* 0: never */
    int64_t asked_ms;
    int64_t used_ms;
    bool is_asked; /* and not answered yet */
};

struct consumers {
    struct queue *queues;
    size_t count;
    int64_t watched_until_ms;
    int64_t unanswered_ms; /* when the oldest open question was asked; 0: there is none */
};

/* The queue with a contract's own name, … */
static struct queue *find_same(struct consumers *consumers, const char *name)
{
    for (size_t i = 0; i < consumers->count; i++) {
        if (consumers->queues[i].name == name) {
            return &consumers->queues[i];
        }
    }
    return NULL;
}

/* … or with any that is equal to it. */
static struct queue *find(struct consumers *consumers, const char *name)
{
    for (size_t i = 0; i < consumers->count; i++) {
        if (strcmp(consumers->queues[i].name, name) == 0) {
            return &consumers->queues[i];
        }
    }
    return NULL;
}

struct consumers *consumers_new(const struct gateway *gateway)
{
    struct consumers *consumers = memory_new(1, sizeof(*consumers));
    consumers->queues = memory_new(gateway->contract_count, sizeof(*consumers->queues));
    for (size_t i = 0; i < gateway->contract_count; i++) {
        const struct contract *contract = gateway->contracts[i];
        if (contract->kind != MESSAGE_EVENT) {
            consumers->queues[consumers->count++] =
                (struct queue){.name = contract->queue, .count = -1};
        }
    }
    return consumers;
}

void consumers_free(struct consumers *consumers)
{
    if (consumers == NULL) {
        return;
    }
    free(consumers->queues);
    free(consumers);
}

static void ask(struct consumers *consumers, struct queue *queue, struct bus *bus, int64_t now_ms)
{
    if (queue->is_asked) {
        return;
    }
    queue->is_asked = true;
    consumers->unanswered_ms = consumers->unanswered_ms == 0 ? now_ms : consumers->unanswered_ms;
    queue->asked_ms = now_ms;
    bus_count_consumers(bus, queue->name);
}

static void find_oldest_question(struct consumers *consumers)
{
    int64_t oldest_ms = 0;
    for (size_t i = 0; i < consumers->count; i++) {
        const struct queue *queue = &consumers->queues[i];
        if (queue->is_asked && (oldest_ms == 0 || queue->asked_ms < oldest_ms)) {
            oldest_ms = queue->asked_ms;
        }
    }
    consumers->unanswered_ms = oldest_ms;
}

int64_t consumers_unanswered_ms(const struct consumers *consumers)
{
    return consumers->unanswered_ms;
}

void consumers_restart(struct consumers *consumers, struct bus *bus, int64_t now_ms)
{
    consumers->unanswered_ms = 0;
    for (size_t i = 0; i < consumers->count; i++) {
        struct queue *queue = &consumers->queues[i];
        queue->count = -1;
        queue->answered_ms = 0;
        queue->is_asked = false;
        ask(consumers, queue, bus, now_ms);
    }
}

enum consumers_answer consumers_of(struct consumers *consumers, struct bus *bus,
                                   const char *queue_name, int64_t now_ms)
{
    struct queue *queue = find_same(consumers, queue_name);
    if (queue == NULL) {
        return CONSUMERS_ABSENT;
    }
    queue->used_ms = now_ms;
    int64_t age_ms = now_ms - queue->answered_ms;
    bool is_known = queue->answered_ms != 0;
    if (is_known && queue->count > 0 && age_ms < FRESH_MS) {
        return CONSUMERS_PRESENT;
    }
    if (is_known && queue->count <= 0 && age_ms < ABSENT_MS) {
        return CONSUMERS_ABSENT;
    }
    ask(consumers, queue, bus, now_ms);
    return CONSUMERS_UNKNOWN;
}

void consumers_note(struct consumers *consumers, const char *queue_name, int64_t count,
                    int64_t messages, int64_t now_ms)
{
    struct queue *queue = find(consumers, queue_name);
    if (queue == NULL) {
        return;
    }
    queue->is_asked = false;
    queue->count = count;
    queue->messages = messages;
    queue->answered_ms = now_ms;
    find_oldest_question(consumers);
}

void consumers_watch(struct consumers *consumers, int64_t now_ms)
{
    consumers->watched_until_ms = now_ms + WATCHED_MS;
}

bool consumers_counts(struct consumers *consumers, const char *queue_name, int64_t now_ms,
                      int64_t *ret_consumers, int64_t *ret_messages)
{
    const struct queue *queue = find_same(consumers, queue_name);
    if (queue == NULL || queue->count < 0 || now_ms - queue->answered_ms > SHOWN_MS) {
        return false;
    }
    *ret_consumers = queue->count;
    *ret_messages = queue->messages;
    return true;
}

void consumers_refresh(struct consumers *consumers, struct bus *bus, int64_t now_ms)
{
    for (size_t i = 0; i < consumers->count; i++) {
        struct queue *queue = &consumers->queues[i];
        bool is_in_use = (queue->used_ms != 0 && now_ms - queue->used_ms < IN_USE_MS) ||
                         now_ms < consumers->watched_until_ms;
        if (is_in_use && now_ms - queue->asked_ms >= REFRESH_MS) {
            ask(consumers, queue, bus, now_ms);
        }
    }
}
