/*
 * The world of the broker's tests: a broker of services/gateway/broker.h on the bus in memory, a
 * service at its other side that serves users.me and posts.delete, one request, and a clock that
 * stands still until it is told. One at a time.
 */
#pragma once

#include "common/bus/memory_bus.h"
#include "services/gateway/broker.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

enum { WORLD_IN_FLIGHT_MAX = 4 };

struct world {
    struct memory_broker *memory;
    struct topology *topology;
    struct broker *broker;
    struct bus *publisher;
    struct bus *replies;
    struct bus *service; /* the other side */
    struct request *request;
    int64_t now_ms;

    struct {
        int count;
        struct call *call;
        enum call_outcome outcome;
        char body[64];
    } told; /* the latest outcome */

    struct {
        int count;
        char reply_to[64];
        char correlation_id[64];
        char message_id[64];
        char expiration[16];
        bool is_persistent;
    } got; /* the latest message */
};

extern struct world world;

void world_setup(void);
void world_teardown(void);

/* Everybody does what there is to do. */
void world_settle(void);
/* So much later, once. */
void world_wait(int64_t ms);

/* The request's call, made anew. */
struct call *world_prepare(const char *message);
/* Send that call, which must be taken. */
void world_send(const char *message);
/* What the service answers. */
void world_reply(const char *correlation_id);
/* From now on nothing comes from the broker on this connection. */
void world_silence(struct bus *bus);
