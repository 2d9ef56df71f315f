/* Expiry: removes sessions that have ended, identities of messages done long ago and stale counts
 * of attempts and of failed logins. */
#pragma once

#include <stdbool.h>

#include "ports/expiry.h"

struct expire_report {
    bool is_over; /* nothing is left whose time is over */
    size_t removed[EXPIRING_COUNT];
};

/* Remove one batch of each kind. `ret` is set on failure too. ERR_UNAVAILABLE, ERR_INTERNAL. */
MUST_CHECK enum err expire_step(struct expiry *expiry, struct expire_report *ret);
