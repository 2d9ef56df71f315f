/*
 * Which slots of the periodic messages have been fired, for all schedulers together. Adapter:
 * adapters/postgres_schedule.h; tests: tests/scheduler/fake_schedule.h. One thread; blocks for less
 * than a heartbeat.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/core/attributes.h"
#include "common/core/err.h"

/* The message of a slot. Its message_id is made from job and slot: whatever sends it twice sends
 * the same command. */
struct slot {
    const char *job;
    int64_t slot_s; /* Unix time */
    const char *message;
    const char *body;
    int64_t deadline_ms; /* Unix time */
};

struct schedule;

struct schedule_ops {
    enum err (*now)(struct schedule *self, int64_t *ret_now_s);
    enum err (*fire)(struct schedule *self, const struct slot *slot, bool *ret_is_fired);
};

struct schedule { /* implementations embed this first */
    const struct schedule_ops *ops;
};

/* The time by the clock that all schedulers share: the database's. ERR_UNAVAILABLE, ERR_INTERNAL.
 */
MUST_CHECK static inline enum err schedule_now(struct schedule *self, int64_t *ret_now_s)
{
    return self->ops->now(self, ret_now_s);
}

/*
 * Put the slot's message into the outbox, to be published at once, unless this slot or a later one
 * was fired before. A job that was never seen is only noted: its first slot is the next.
 * ERR_UNAVAILABLE, ERR_INTERNAL.
 */
MUST_CHECK static inline enum err schedule_fire(struct schedule *self, const struct slot *slot,
                                                bool *ret_is_fired)
{
    return self->ops->fire(self, slot, ret_is_fired);
}
