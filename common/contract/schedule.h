/*
 * Periodic messages, as contracts/schedule.json declares them: generated data, and the arithmetic
 * of their slots. A slot is a moment at which a job is due: every N seconds since 1970, or daily or
 * weekly at a time (UTC), which are the same with an offset. Static and const; any thread.
 */
#pragma once

#include "common/contract/contract.h"

enum schedule_rhythm { SCHEDULE_EVERY, SCHEDULE_DAILY, SCHEDULE_WEEKLY };

struct schedule_job {
    const char *name;
    const char *title;               /* one line, for people */
    const struct contract *contract; /* a command sent in the background */
    const char *body;                /* its fields as JSON */
    const char *rule;                /* for people: "every 15 minutes", "daily at 08:00 UTC" */
    enum schedule_rhythm rhythm;
    int64_t period_s;
    int64_t offset_s; /* of its slots from whole periods since 1970 */
};

/* All jobs, sorted by name; generated. */
extern const struct schedule_job schedule_jobs[];
extern const size_t schedule_job_count;

/* The job of this name, or NULL. */
const struct schedule_job *schedule_find(const char *name);

/* The latest slot at or before `now_s` (Unix time), and the first one after it. */
int64_t schedule_latest_slot(const struct schedule_job *job, int64_t now_s);
int64_t schedule_next_slot(const struct schedule_job *job, int64_t now_s);
