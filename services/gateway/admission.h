/*
 * Who may wait for a reply: work in flight is bounded, for the loop as a whole and for each
 * message, and what is too much is refused at once, while it is still cheap for everybody.
 *
 * A message's room follows what its replies show: as many calls as are answered within half of the
 * reply time-out, so that what is let in is answered in time however many come. It never passes
 * the setting, and never sinks below a small number from which it finds out when things have
 * become better.
 *
 * Fair: as soon as half of a room is taken, a caller may hold its share of it, the room over the
 * number of those who hold something, and one more: there is always a place for somebody new.
 * Callers are told apart by a bucket of their digest. No call costs more than a few instructions
 * and none allocates. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "services/gateway/call.h"
#include "services/gateway/gateway.h"

struct admission;

struct admission_limits {
    size_t in_flight_max;       /* calls at a time */
    size_t route_in_flight_max; /* of these, for one message */
};

/* How a call that was let in has ended. */
enum admission_end {
    ADMISSION_ANSWERED,
    ADMISSION_UNANSWERED, /* it has waited in vain */
    ADMISSION_LEFT,       /* nothing can be learnt from it */
};

/* For all messages that the gateway may send; it is borrowed. Owned. */
struct admission *admission_new(const struct gateway *gateway,
                                const struct admission_limits *limits);
void admission_free(struct admission *admission);

/* Let a call in, from now on until admission_leave. False: there is no room for it, or none for its
 * caller; this is logged, at most once a second for each message. */
MUST_CHECK bool admission_enter(struct admission *admission, struct call *call, int64_t now_ms);
void admission_leave(struct admission *admission, const struct call *call, enum admission_end end,
                     int64_t now_ms);

/* How many calls of a message may be in flight now. */
size_t admission_room(const struct admission *admission, const struct contract *contract);
