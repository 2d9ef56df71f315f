/*
 * The scheduler's loop: waits for its two connections to the broker and for the clock, and runs the
 * jobs that are due, a step at a time, so that the connections are looked after in between. Any
 * number of schedulers may run at once. One thread.
 */
#pragma once

#include <stdint.h>

#include "common/bus/bus.h"
#include "common/health/metrics.h"
#include "ports.h"

struct scheduler_options {
    const struct ports *ports; /* borrowed */
    int64_t sweep_interval_ms;
    int64_t expire_interval_ms;
    int64_t confirm_wait_ms; /* for the broker's answer to a batch of the sweep */
    struct metrics *metrics; /* what it counts, and how it finds its parts; borrowed */
    void *bus_maker_owner;
    struct bus *(*make_bus)(void *bus_maker_owner, const char *role,
                            const struct bus_events *events,
                            void *owner); /* owned by the scheduler */
};

struct scheduler;

/* Makes its two buses: "publish", which needs confirms, and "consume". Owned. */
struct scheduler *scheduler_new(const struct scheduler_options *options);
void scheduler_free(struct scheduler *self);

/* Wait for something to do, at most `timeout_ms` or until `wake_fd` (-1: none) is readable, and do
 * a step of it. */
void scheduler_turn(struct scheduler *self, int timeout_ms, int wake_fd);

/* The bus it publishes by, for what else its process has to tell; borrowed. */
struct bus *scheduler_publisher(struct scheduler *self);

/* Say goodbye to the broker; dead letters in hand go back to their queue. */
void scheduler_close(struct scheduler *self);
