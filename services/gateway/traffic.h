/*
 * What a loop counts of its requests, for /metrics: by route, method and status. Routes are known
 * by the address of their pattern, which is static. The loop alone writes; any thread may read.
 * Counting costs a look into a small table. What a route does not take is counted under the
 * method "other".
 */
#pragma once

#include "common/core/buffer.h"
#include "common/health/metrics.h"

struct request;
struct traffic;

enum traffic_level {
    TRAFFIC_REQUESTS,    /* that have begun to come and are not done */
    TRAFFIC_CONNECTIONS, /* open */
    TRAFFIC_WAITING,     /* messages whose reply is awaited */
    TRAFFIC_LEFTOVERS,   /* commands called pending that the broker has not confirmed */
    TRAFFIC_LEVELS,
};

/* Owned; made before its loop, gone after it. */
struct traffic *traffic_new(void);
void traffic_free(struct traffic *traffic);

/* A request is done. */
void traffic_note(struct traffic *traffic, const struct request *request);
void traffic_set(struct traffic *traffic, enum traffic_level level, size_t value);

/* Of all loops, as Prometheus reads it. */
void traffic_write(struct traffic *const *all, size_t count, struct buffer *buffer);
