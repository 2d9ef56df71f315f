/* A second worker beside the world's, for the suites of the unit of work on PostgreSQL. */
#pragma once

#include <pthread.h>

#include "tests/adapters/postgres_command_world.h"
#include "tests/adapters/unit_fixture.h"

enum { PATIENT_MS = 4000 };

/* A worker on a thread of its own that begins `second`. */
struct other_worker {
    pthread_t thread;
    struct postgres_world world;
    enum err err;
    enum unit_state state;
    struct outcome stored;
};
static struct other_worker other;

static inline void *begin_second(void *unused)
{
    (void)unused;
    other.err = unit_begin(other.world.ports.unit, &second.ctx, &second.envelope,
                           second.fingerprint, &other.state, &other.stored);
    return NULL;
}

static inline void start_other(int lock_timeout_ms)
{
    postgres_world_open(&other.world,
                        &(struct postgres_options){.lock_timeout_ms = lock_timeout_ms});
    expect_ok(unit_ready(other.world.ports.unit));
    ck_assert_int_eq(pthread_create(&other.thread, NULL, begin_second, NULL), 0);
}

static inline void join_other(void)
{
    ck_assert_int_eq(pthread_join(other.thread, NULL), 0);
}
