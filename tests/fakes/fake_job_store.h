/* Periodic messages, sent by hand, in memory. */
#pragma once

#include <stddef.h>

#include "ports/job_store.h"

struct fake_job_store {
    struct job_store base;
    size_t run_count;
    int64_t run_for;     /* who had the latest sent */
    enum err fails_with; /* OK: it works */
};

/* It knows the jobs of contracts/schedule.json. */
void fake_job_store_init(struct fake_job_store *ret);
