/*
 * Periodic messages and when they were sent. Adapter: adapters/postgres_job_reader.h; tests:
 * tests/fakes/fake_job_reader.h. May fail with ERR_UNAVAILABLE (passing trouble) or ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct job_reader;

struct job_reader_ops {
    enum err (*list)(struct job_reader *self, struct ctx *ctx, struct scheduled_job **ret,
                     size_t *ret_count);
};

struct job_reader { /* implementations embed this first */
    const struct job_reader_ops *ops;
};

/* All of them, by name, as they are at ctx->now_us; ctx. */
MUST_CHECK static inline enum err job_reader_list(struct job_reader *self, struct ctx *ctx,
                                                  struct scheduled_job **ret, size_t *ret_count)
{
    return self->ops->list(self, ctx, ret, ret_count);
}
