/* A bus and all that was told to its owner, for tests to look at. */
#pragma once

#include <check.h>

#include "common/bus/bus.h"
#include "common/core/clock.h"

enum { CLIENT_RECORDS_MAX = 4096, CLIENT_WAIT_MS = 20000 };

struct client_delivery {
    struct bus_delivery delivery; /* a copy of its own */
    struct bus_header headers[BUS_HEADERS_MAX];
    char *storage[32 + 2 * BUS_HEADERS_MAX];
    size_t storage_count;
};

struct client {
    struct bus *bus;
    const char *name;
    bool is_acking; /* ack each delivery as it comes */
    unsigned ups;
    unsigned downs;
    bool is_down_by_peer;
    char down_reason[512];
    char reply_queue[256]; /* at the last on_up */
    struct client_delivery *deliveries;
    size_t delivery_count;
    uint64_t confirmed[CLIENT_RECORDS_MAX];
    size_t confirmed_count;
    uint64_t refused[CLIENT_RECORDS_MAX];
    size_t refused_count;
    uint64_t returned[CLIENT_RECORDS_MAX];
    size_t returned_count;
    int64_t consumers; /* the last answer */
    int64_t messages;
    char counted_queue[256];
    unsigned counts;
    unsigned blocked;
    unsigned unblocked;
    char cancelled_queue[256];
    /* called for each delivery, if set */
    void (*on_delivery)(struct client *client, const struct bus_delivery *delivery);
};

extern const struct bus_events client_events;

struct client *client_new(const char *name);
/* Frees the bus as well. */
void client_free(struct client *client);

/* Poll both (either may be NULL) until the condition holds. */
#define await(one, other, condition)                                                               \
    do {                                                                                           \
        int64_t await_end_ms = clock_monotonic_ms() + CLIENT_WAIT_MS;                              \
        while (!(condition)) {                                                                     \
            ck_assert_msg(clock_monotonic_ms() < await_end_ms, "waited in vain for %s",            \
                          #condition);                                                             \
            client_poll(one, other);                                                               \
        }                                                                                          \
    } while (0)
void client_poll(struct client *one, struct client *other);

/* A round trip to the broker: what it sent before has arrived afterwards. */
void client_round_trip(struct client *client);

const struct bus_header *client_header(const struct client *client, size_t delivery,
                                       const char *name);
