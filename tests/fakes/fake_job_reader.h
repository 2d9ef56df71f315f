/* Periodic messages and when they were sent, as a test has them. */
#pragma once

#include <stddef.h>

#include "ports/job_reader.h"

struct fake_job_reader {
    struct job_reader base;
    struct scheduled_job *jobs; /* the test's own; NULL: none */
    size_t count;
    enum err fails_with; /* OK: it works */
};

void fake_job_reader_init(struct fake_job_reader *ret);
