/*
 * Publishing dead letters again, one after the other, and learning for certain whether the broker
 * has them. Owner of the bus it publishes on, which has confirms. Blocks, never for longer than it
 * is told.
 */
#pragma once

#include "common/bus/bus.h"
#include "common/contract/contract.h"
#include "dead_letter.h"

enum dead_fate {
    DEAD_FATE_WAITING,
    DEAD_FATE_TAKEN,
    DEAD_FATE_RETURNED, /* no queue for it */
    DEAD_FATE_REFUSED,  /* its queue is full */
    DEAD_FATE_UNKNOWN,  /* written, and not confirmed */
};

struct dead_publisher {
    struct bus *bus;
    uint64_t sequence; /* of the publication that is waited for */
    enum dead_fate fate;
    bool has_failed;   /* a connection, or an attempt at one, has ended */
    char trouble[256]; /* the latest, for people */
};

/* Of the publisher's bus, with the publisher as owner. */
extern const struct bus_events dead_publisher_events;

/* Wait until messages can be published; false: they cannot, and `trouble` says why. */
bool dead_publisher_await(struct dead_publisher *self, int64_t timeout_ms);

/*
 * Publish the letter with `body` to its command's exchange, under its identity: persistent,
 * mandatory, for the user who acted then, without deadline and with nobody to answer. Waits for the
 * broker's word. DEAD_FATE_REFUSED as well when it could not be written.
 */
enum dead_fate dead_publisher_send(struct dead_publisher *self, const struct contract *contract,
                                   const struct dead_letter *letter, const struct buffer *body,
                                   int64_t timeout_ms);
