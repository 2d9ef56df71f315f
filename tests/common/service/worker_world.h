/* A worker on the in-memory bus, with an executor that does as it is told, and a client that
 * publishes and reads replies. */
#pragma once

#include "common/bus/memory_bus.h"
#include "common/core/clock.h"
#include "common/service/worker.h"

#define WORLD_QUEUE "command.posts.create"
#define WORLD_QUERY_QUEUE "query.posts.list"
enum { WORLD_PREFETCH = 10, WORLD_RETRY_WAIT_MS = 20, WORLD_PATIENCE_MS = 20000 };

/* The executor: it answers, and remembers what it was asked. */
struct world_executor {
    struct executor base;
    bool is_ready;
    int admitted;
    int executed;
    int left; /* admitted messages that were done with */
    int buried;
    int forgotten;
    int unavailable;            /* how many times to fail before it succeeds */
    const char *hopeless_title; /* fails whenever it is tried; NULL: none does */
    bool is_fate_unknown;       /* and its failures may have been a commit */
    int unburied;               /* how many times burying fails before it succeeds */
    void (*on_execute)(void);   /* called before anything else; may be NULL */
    bool is_turn_held;          /* the flag of the questionable, when last executed */
    int64_t seen_retries;
    enum err answer;
    enum err admission;
    bool sends_event;
    char seen_title[64];
    char buried_code[32];
};

struct world_replies {
    int count;
    char type[64];
    char content_type[64];
    char correlation_id[64];
    char body[2048];
};

struct world {
    struct world_executor executor;
    struct memory_broker *broker;
    struct topology *topology;
    struct worker *worker;
    struct metrics *metrics; /* the worker's */
    struct bus *worker_buses[BUS_ROLE_COUNT];
    atomic_flag questionable;
    int64_t retry_wait_ms; /* of the next worker */
    struct bus *client;
    struct world_replies replies; /* their number, and the last one */
};

extern struct world world;

/* Fixtures: a serving worker. */
void world_setup(void);
void world_teardown(void);

/* Another worker, not yet serving. */
void world_start_worker(void);
/* In place of the one there is, serving, with a first wait of this length on the ladder. */
void world_restart_worker(int64_t retry_wait_ms);

/* A good posts.create by the client. */
struct bus_message world_command(void);
/* One that is tried in vain, put off so often before; a query of that kind. */
struct bus_message world_hopeless_after(int64_t retries);
struct bus_message world_hopeless_query(void);
/* For on_execute. */
void world_lose_the_database(void);
void world_publish(struct bus_message message);
/* Published, taken by another worker and lost by it: the next delivery is not the first. To be
 * called without a worker. */
void world_publish_redelivered(struct bus_message message);
/* How many messages wait on a rung (1–5) of the ladder. */
long world_waiting(int rung);

void world_turn(void);
/* Turns until this many replies have come; fails when they do not. */
void world_turn_until_replied(int count);
/* Turns until nothing is in hand and the queue is empty; fails when that does not come. */
void world_turn_until_idle(void);
void world_turn_a_little(void);
/* Turns until the condition holds. */
#define world_turn_until(condition)                                                                \
    do {                                                                                           \
        int64_t end_ms = clock_monotonic_ms() + WORLD_PATIENCE_MS;                                 \
        while (!(condition)) {                                                                     \
            ck_assert_msg(clock_monotonic_ms() < end_ms, "waited in vain for %s", #condition);     \
            worker_turn(world.worker, 5, -1);                                                      \
            bus_poll(world.client, 0);                                                             \
        }                                                                                          \
    } while (0)
