/* The schedule, in memory. */

#include "tests/scheduler/fake_schedule.h"

#include <assert.h>
#include <string.h>

static enum err now(struct schedule *base, int64_t *ret_now_s)
{
    const struct fake_schedule *self = (const struct fake_schedule *)base;
    *ret_now_s = self->now_s;
    return self->fails_with;
}

static size_t find(const struct fake_schedule *self, const char *job)
{
    size_t place = 0;
    while (place < self->job_count && strcmp(self->jobs[place].job, job) != 0) {
        place++;
    }
    return place;
}

static enum err fire(struct schedule *base, const struct slot *slot, bool *ret_is_fired)
{
    struct fake_schedule *self = (struct fake_schedule *)base;
    if (self->fails_with != OK) {
        return self->fails_with;
    }
    size_t place = find(self, slot->job);
    assert(place < FAKE_SCHEDULE_MAX && self->fired_count < FAKE_SCHEDULE_MAX);
    if (place == self->job_count) {
        self->jobs[self->job_count].job = slot->job;
        self->jobs[self->job_count++].last_slot_s = slot->slot_s;
    }
    *ret_is_fired = self->jobs[place].last_slot_s < slot->slot_s;
    if (*ret_is_fired) {
        self->jobs[place].last_slot_s = slot->slot_s;
        self->fired[self->fired_count++] = *slot;
    }
    return OK;
}

void fake_schedule_init(struct fake_schedule *ret)
{
    static const struct schedule_ops ops = {.now = now, .fire = fire};
    *ret = (struct fake_schedule){.base.ops = &ops};
}
