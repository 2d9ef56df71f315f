/* A worker on the in-memory bus, with an executor that does as it is told, and a client that
 * publishes and reads replies. */
#pragma once

#include "common/bus/memory_bus.h"
#include "common/service/worker.h"

#define WORLD_QUEUE "command.posts.create"
enum { WORLD_PREFETCH = 10 };

/* The executor: it answers, and remembers what it was asked. */
struct world_executor {
    struct executor base;
    bool is_ready;
    int admitted;
    int executed;
    int buried;
    int forgotten;
    int unavailable;            /* how many times to fail before it succeeds */
    const char *hopeless_title; /* fails whenever it is tried; NULL: none does */
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
    struct bus *worker_buses[BUS_ROLE_COUNT];
    struct bus *client;
    struct world_replies replies; /* their number, and the last one */
};

extern struct world world;

/* Fixtures: a serving worker. */
void world_setup(void);
void world_teardown(void);

/* Another worker, not yet serving. */
void world_start_worker(void);

/* A good posts.create by the client. */
struct bus_message world_command(void);
void world_publish(struct bus_message message);

void world_turn(void);
/* Turns until this many replies have come; fails when they do not. */
void world_turn_until_replied(int count);
/* Turns until nothing is in hand and the queue is empty; fails when that does not come. */
void world_turn_until_idle(void);
