/* Slots fired, in memory, for tests: several schedulers may share it. */
#pragma once

#include <stddef.h>

#include "ports/schedule.h"

enum { FAKE_SCHEDULE_MAX = 16 };

struct fake_schedule {
    struct schedule base;
    int64_t now_s;
    enum err fails_with; /* OK: it works */
    struct {
        const char *job;
        int64_t last_slot_s;
    } jobs[FAKE_SCHEDULE_MAX];
    size_t job_count;
    struct slot fired[FAKE_SCHEDULE_MAX]; /* texts borrowed */
    size_t fired_count;
};

void fake_schedule_init(struct fake_schedule *ret);
