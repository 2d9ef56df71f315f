/*
 * Publishing with certainty: hands messages of the outbox to the broker and waits until it is known
 * what became of each. Owner of the bus it publishes on. One thread.
 */
#pragma once

#include "common/bus/bus.h"
#include "link.h"
#include "ports/outbox.h"

enum fate {
    FATE_UNKNOWN,  /* not sent, or nothing heard of it in time: to be published again */
    FATE_TAKEN,    /* the broker has it */
    FATE_RETURNED, /* no queue takes it */
    FATE_REFUSED,  /* its queue is full */
    FATE_NO_CONTRACT,
};

struct publisher {
    struct bus *bus;
    struct link link;
    const uint64_t *sequences; /* of the messages at work; 0: not sent */
    enum fate *fates;
    size_t count;
    size_t open_count; /* sent, and nothing heard of them yet */
};

/* Of the publisher's bus, with the publisher as owner. */
extern const struct bus_events publisher_events;

/* Publish, and wait for `wait_ms` at most. At most OUTBOX_BATCH_MAX messages. */
void publisher_send(struct publisher *self, const struct outbox_message *messages, size_t count,
                    int64_t wait_ms, enum fate *ret_fates);
