/* Expiry: removes sessions that have ended, identities of messages done long ago and stale counts
 * of attempts and of failed logins. */
#pragma once

#include <stdbool.h>

#include "ports/expiry.h"

struct expire {
    struct expiry *expiry;
    enum expiring next;           /* the kinds take turns */
    bool is_done[EXPIRING_COUNT]; /* in this round */
    size_t removed[EXPIRING_COUNT];
};

struct expire_report {
    bool is_over; /* the round is: what was left of each kind is gone, or it has failed */
    size_t removed[EXPIRING_COUNT]; /* in the round that is over */
};

/* Remove one batch of one kind. A kind that fails is left to the next round, and holds up no other.
 * `ret` is set on failure too. ERR_UNAVAILABLE, ERR_INTERNAL. */
MUST_CHECK enum err expire_step(struct expire *self, struct expire_report *ret);
