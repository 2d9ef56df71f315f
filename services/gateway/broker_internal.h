/* What the parts of the broker share. Internal: broker.c, broker_events.c. */
#pragma once

#include <stdbool.h>

#include "services/gateway/broker.h"
#include "services/gateway/consumers.h"
#include "services/gateway/waiting.h"

struct broker {
    const struct gateway *gateway;
    broker_outcome_function *on_outcome;
    void *owner;
    struct bus *publisher;
    struct bus *replies;
    struct waiting *waiting;
    struct consumers *consumers;
    int64_t now_ms;
    bool must_resend; /* some call says so */
};

/* Take the call out and tell its outcome. */
void broker_finish(struct broker *broker, struct call *call, enum call_outcome outcome,
                   const struct bus_message *reply);
/* The call's message was certainly not carried out this time: what does that make of the call? */
void broker_refuse(struct broker *broker, struct call *call);
/* Publish a call. False: not written. */
MUST_CHECK bool broker_publish(struct broker *broker, struct call *call);
