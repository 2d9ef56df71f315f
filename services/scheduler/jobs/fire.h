/*
 * Periodic messages: when a slot of a job has come, its message goes into the outbox, and from
 * there, by the sweep, to its queue. Of any number of schedulers one fires a slot. Misfire rule: of
 * the slots that passed while no scheduler ran the latest is fired, late; the others are not. A
 * message not done by the next slot of its job has expired.
 */
#pragma once

#include "common/contract/schedule.h"
#include "ports/schedule.h"

enum { FIRE_JOBS_MAX = 64 };

struct fire {
    struct schedule *schedule;
    const struct schedule_job *jobs; /* borrowed */
    size_t job_count;
    int64_t known_s[FIRE_JOBS_MAX]; /* up to which slot nothing is left to do; 0 at first */
};

/* Fire what is due. `ret_fired` counts what this scheduler fired, on failure too. ERR_UNAVAILABLE,
 * ERR_INTERNAL. */
MUST_CHECK enum err fire_step(struct fire *self, size_t *ret_fired);
