/* What the parts of the broker share. Internal: broker.c, broker_turn.c, broker_events.c. */
#pragma once

#include <stdbool.h>

#include "services/gateway/broker.h"
#include "services/gateway/consumers.h"
#include "services/gateway/leftovers.h"
#include "services/gateway/reports.h"
#include "services/gateway/touches.h"
#include "services/gateway/waiting.h"

struct broker {
    const struct gateway *gateway;
    broker_outcome_function *on_outcome;
    void *owner;
    struct bus *publisher;
    struct bus *replies;
    struct waiting *waiting;
    struct consumers *consumers;
    struct admission *admission;
    struct leftovers *leftovers;
    struct reports *reports;
    struct touches *touches;
    size_t held_count; /* calls that are CALL_HELD */
    int64_t now_ms;
    int64_t heard_ms;    /* when the broker was last heard of */
    int64_t reported_ms; /* when a report came last on these connections; 0: none has */
    bool is_silent;      /* as the log has it */
    bool must_resend;    /* some call says so */
};

/* Take the call out and tell its outcome. */
void broker_finish(struct broker *broker, struct call *call, enum call_outcome outcome,
                   const struct bus_message *reply);
/* The call's message was certainly not carried out this time: what does that make of the call? */
void broker_refuse(struct broker *broker, struct call *call);
/* Has it been asked something for a while and not been heard of? Only what is asked shows whether
 * anybody answers. */
bool broker_is_silent(const struct broker *broker);
/* Is there something to be done once the broker has the call's message? */
bool broker_awaits_confirm(const struct broker *broker, const struct call *call);
/* Publish a call. False: not written. */
MUST_CHECK bool broker_publish(struct broker *broker, struct call *call);
/* Publish a call that was held back. False: not written. */
MUST_CHECK bool broker_publish_held(struct broker *broker, struct call *call);
/* The reply to a call shows whether its session is in use: have that noted, now and then. */
void broker_note_use(struct broker *broker, const struct call *call,
                     const struct bus_message *reply);
/* Something has come from the broker. */
static inline void broker_note_heard(struct broker *broker)
{
    broker->heard_ms = broker->now_ms;
}
