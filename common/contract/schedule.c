/* Slots. */

#include "common/contract/schedule.h"

#include <string.h>

const struct schedule_job *schedule_find(const char *name)
{
    for (size_t i = 0; i < schedule_job_count; i++) {
        if (strcmp(schedule_jobs[i].name, name) == 0) {
            return &schedule_jobs[i];
        }
    }
    return NULL;
}

int64_t schedule_latest_slot(const struct schedule_job *job, int64_t now_s)
{
    int64_t since = now_s - job->offset_s;
    int64_t whole = since / job->period_s - (since % job->period_s < 0 ? 1 : 0);
    return whole * job->period_s + job->offset_s;
}

int64_t schedule_next_slot(const struct schedule_job *job, int64_t now_s)
{
    return schedule_latest_slot(job, now_s) + job->period_s;
}
