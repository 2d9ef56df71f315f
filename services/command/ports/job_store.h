/*
 * Periodic messages, sent by hand. Works inside the transaction of the message at work; adapter:
 * adapters/postgres_job_store.h; tests: tests/fakes/fake_job_store.h. May fail with ERR_UNAVAILABLE
 * (passing trouble) or ERR_INTERNAL.
 */
#pragma once

#include "ctx.h"

struct job_store;

/* What was sent. */
struct job_run {
    const char *message;    /* static */
    const char *message_id; /* ctx */
};

struct job_store_ops {
    enum err (*run)(struct job_store *self, struct ctx *ctx, const char *name, struct job_run *ret);
};

struct job_store { /* implementations embed this first */
    const struct job_store_ops *ops;
};

/* Send the message of the job of this name, and note that the caller had it sent. ERR_NOT_FOUND. */
MUST_CHECK static inline enum err job_store_run(struct job_store *self, struct ctx *ctx,
                                                const char *name, struct job_run *ret)
{
    return self->ops->run(self, ctx, name, ret);
}
