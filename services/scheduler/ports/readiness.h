/* Is the database there, and migrated? Adapter: adapters/postgres_readiness.h; tests:
 * tests/scheduler/fake_readiness.h. */
#pragma once

#include "common/core/attributes.h"
#include "common/core/err.h"

struct readiness;

struct readiness_ops {
    enum err (*check)(struct readiness *self);
    const char *(*trouble)(const struct readiness *self);
};

struct readiness { /* implementations embed this first */
    const struct readiness_ops *ops;
};

/* Connects when need be; blocks for less than a heartbeat. ERR_UNAVAILABLE. */
MUST_CHECK static inline enum err readiness_check(struct readiness *self)
{
    return self->ops->check(self);
}

/* What the last failure of any port was, with the database's own words: for the log. */
static inline const char *readiness_trouble(const struct readiness *self)
{
    return self->ops->trouble(self);
}
