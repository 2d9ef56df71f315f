/*
 * What the worker of query-service needs of the database beside the handlers' ports: who acts, and
 * whether it is there. Adapter: adapters/postgres_reading.h; tests: tests/fakes/fake_reading.h. One
 * thread; blocks for less than a heartbeat.
 */
#pragma once

#include "common/service/envelope.h"
#include "ctx.h"

struct reading;

struct reading_ops {
    enum err (*identify)(struct reading *self, struct ctx *ctx, const struct envelope *envelope);
    enum err (*ready)(struct reading *self);
    const char *(*trouble)(const struct reading *self);
    bool (*has_timed_out)(const struct reading *self);
};

struct reading { /* implementations embed this first */
    const struct reading_ops *ops;
};

/* Who acts: sets ctx->user_id, is_staff and is_superuser; NOBODY for a session or user that is not
 * there, expired or deactivated. ERR_UNAVAILABLE. */
MUST_CHECK static inline enum err reading_identify(struct reading *self, struct ctx *ctx,
                                                   const struct envelope *envelope)
{
    return self->ops->identify(self, ctx, envelope);
}

/* Is the database there, and migrated? Connects when need be. ERR_UNAVAILABLE. */
MUST_CHECK static inline enum err reading_ready(struct reading *self)
{
    return self->ops->ready(self);
}

/* What the last failure was, with the database's own words: for the log, never for a caller. "":
 * what was asked of it last did not fail. */
static inline const char *reading_trouble(const struct reading *self)
{
    return self->ops->trouble(self);
}

/* Did what was asked last take longer than it may? Tried again it would, too. */
static inline bool reading_has_timed_out(const struct reading *self)
{
    return self->ops->has_timed_out(self);
}
