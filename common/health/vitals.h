/* Which process this is, and what its threads count: what its port and its reports tell. Const once
 * its threads run; any thread. */
#pragma once

#include "common/core/buffer.h"
#include "common/health/metrics.h"

enum { VITALS_HOST_MAX = 64 };

struct vitals {
    const char *service; /* static */
    int64_t started_at_us;
    int64_t pid;
    char host[VITALS_HOST_MAX + 1];
    const struct metrics *const *metrics; /* one of each thread; borrowed */
    size_t metrics_count;
};

/* This process, started now; without threads yet. */
void vitals_init(struct vitals *ret, const char *service);

/* Can all threads do their work? */
bool vitals_is_serving(const struct vitals *vitals);

/* For /metrics: all that they have counted. */
void vitals_write_metrics(const struct vitals *vitals, struct buffer *buffer);
