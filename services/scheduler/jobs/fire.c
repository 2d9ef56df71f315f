/* Slots that have come. */

#include "jobs/fire.h"

#include <assert.h>
#include <inttypes.h>

#include "common/core/log.h"

static enum err fire_job(struct fire *self, const struct schedule_job *job, int64_t slot_s,
                         size_t *fired)
{
    const struct slot slot = {
        .job = job->name,
        .slot_s = slot_s,
        .message = job->contract->name,
        .body = job->body,
        .deadline_ms = (slot_s + job->period_s) * 1000,
    };
    bool is_fired;
    TRY(schedule_fire(self->schedule, &slot, &is_fired));
    if (is_fired) {
        (*fired)++;
        log_event(LOG_INFO, "slot_fired", "job=%s slot=%" PRId64, job->name, slot_s);
    }
    return OK;
}

enum err fire_step(struct fire *self, size_t *ret_fired)
{
    int64_t now_s;
    *ret_fired = 0;
    assert(self->job_count <= FIRE_JOBS_MAX);
    TRY(schedule_now(self->schedule, &now_s));
    for (size_t i = 0; i < self->job_count; i++) {
        int64_t slot_s = schedule_latest_slot(&self->jobs[i], now_s);
        if (slot_s <= self->known_s[i]) {
            continue;
        }
        TRY(fire_job(self, &self->jobs[i], slot_s, ret_fired));
        self->known_s[i] = slot_s;
    }
    return OK;
}
