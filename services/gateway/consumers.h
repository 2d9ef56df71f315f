/*
 * How many consumers the queues have, as far as the broker was asked: `mandatory` finds missing
 * queues only, and a message to a queue without consumers would wait for nobody. Queues in use are
 * asked for each second, the others when they are needed. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/bus/bus.h"
#include "services/gateway/gateway.h"

struct consumers;

enum consumers_answer {
    CONSUMERS_PRESENT,
    CONSUMERS_ABSENT,
    CONSUMERS_UNKNOWN, /* has been asked: the answer will come */
};

/* For the queues of all messages that are sent for somebody who waits; owned. */
struct consumers *consumers_new(const struct gateway *gateway);
void consumers_free(struct consumers *consumers);

/* The connection is up: all counts are unknown; ask for all. */
void consumers_restart(struct consumers *consumers, struct bus *bus, int64_t now_ms);

/* Does anybody consume the queue? `queue_name` is a contract's. */
enum consumers_answer consumers_of(struct consumers *consumers, struct bus *bus,
                                   const char *queue_name, int64_t now_ms);

/* The bus's answer. */
void consumers_note(struct consumers *consumers, const char *queue_name, int64_t count,
                    int64_t messages, int64_t now_ms);

/* Somebody looks at all queues: they are in use for some seconds. */
void consumers_watch(struct consumers *consumers, int64_t now_ms);

/* How many consumers a queue has, and messages that wait; false where that is not known of late. */
bool consumers_counts(struct consumers *consumers, const char *queue_name, int64_t now_ms,
                      int64_t *ret_consumers, int64_t *ret_messages);

/* Since when a question has waited for its answer, the oldest of them; 0: none does. */
int64_t consumers_unanswered_ms(const struct consumers *consumers);

/* Ask again for the queues in use, or all that are watched, each second. */
void consumers_refresh(struct consumers *consumers, struct bus *bus, int64_t now_ms);
