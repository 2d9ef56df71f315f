/*
 * What is kept for a time only; dead letters, and what was done with them, are kept. Adapter:
 * adapters/postgres_expiry.h; tests: tests/scheduler/fake_expiry.h. One thread; blocks for less
 * than a heartbeat.
 */
#pragma once

#include <stddef.h>

#include "common/core/attributes.h"
#include "common/core/err.h"

enum expiring {
    EXPIRING_SESSIONS,   /* past their end */
    EXPIRING_IDENTITIES, /* of messages done, or failed, before IDENTITY_LIFETIME_HOURS: the inbox's
                          */
    EXPIRING_ATTEMPTS,   /* counts of deliveries of messages that are as long gone */
    EXPIRING_LOGIN_ATTEMPTS, /* failures that have drained away */
    EXPIRING_COUNT
};

struct expiry;

struct expiry_ops {
    enum err (*remove)(struct expiry *self, enum expiring what, size_t limit, size_t *ret_count);
};

struct expiry { /* implementations embed this first */
    const struct expiry_ops *ops;
};

/* Remove up to `limit` of those whose time is over. ERR_UNAVAILABLE, ERR_INTERNAL. */
MUST_CHECK static inline enum err expiry_remove(struct expiry *self, enum expiring what,
                                                size_t limit, size_t *ret_count)
{
    return self->ops->remove(self, what, limit, ret_count);
}
