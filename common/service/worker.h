/*
 * A worker: consumes the queues of its handlers, has its executor do each message, replies, and
 * only then acks. It owns two buses (one to consume, one to publish) and its executor's connection;
 * nothing is shared with other workers. One thread drives it, turn by turn.
 *
 *   delivery ─ envelope ─ admit ─ decode ─ execute ─ reply ─ (reply confirmed) ─ ack
 *                                          └ put off ─ copy to the ladder ─ (confirmed) ─ ack
 *
 * Nothing a publisher puts into a message stops it. Passing trouble (lock time-out, mail server
 * away) leaves the message unacked and is tried again, after a moment; after TRIES_MAX a query is
 * answered so, and a command goes to the ladder of retries (retry.h), RETRIES_MAX times, until it
 * is kept as a dead letter and answered. While the database is away nothing is handled, and nothing
 * counts as a try.
 */
#pragma once

#include <stdatomic.h>

#include "common/bus/bus.h"
#include "common/contract/contract.h"
#include "common/health/metrics.h"
#include "common/service/executor.h"

enum bus_role { BUS_ROLE_CONSUME, BUS_ROLE_PUBLISH, BUS_ROLE_COUNT };

struct worker_options {
    const struct handler *const *handlers; /* the messages to serve; borrowed */
    size_t handler_count;
    const struct ports *ports; /* for the handlers; borrowed */
    struct executor *executor; /* borrowed */
    unsigned prefetch;
    int64_t retry_wait_ms; /* the first wait on the ladder of retries, at most */
    /* Held while a command is handled that was delivered before: shared by all workers of the
     * process; borrowed. NULL: they do not mind each other. */
    atomic_flag *questionable;
    struct metrics *metrics; /* of these handlers, in this order: what it counts; borrowed */
    void *bus_maker_owner;
    struct bus *(*make_bus)(void *bus_maker_owner, enum bus_role role,
                            const struct bus_events *events, void *owner); /* owned by the worker */
};

struct worker;

struct worker *worker_new(const struct worker_options *options);
void worker_free(struct worker *worker);

/* Wait for something to do, at most `timeout_ms` or until `wake_fd` (-1: none) is readable, and do
 * it. */
void worker_turn(struct worker *worker, int timeout_ms, int wake_fd);

/* Take no new messages; those in hand are finished by further turns. */
void worker_drain(struct worker *worker);

/* Is nothing in hand any more, everything acked and sent? */
bool worker_is_idle(const struct worker *worker);

/* Is it consuming? */
bool worker_is_serving(const struct worker *worker);

/* The bus it publishes by, for what else its process has to tell; borrowed. */
struct bus *worker_publisher(struct worker *worker);

/* Say goodbye to the broker; what is still in hand goes back to its queues. */
void worker_close(struct worker *worker);
