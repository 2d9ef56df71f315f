/*
 * Users, for reading. Adapter: adapters/postgres_user_reader.h; tests:
 * tests/fakes/fake_user_reader.h. Every function may fail with ERR_UNAVAILABLE (passing trouble) or
 * ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct user_reader;

struct user_reader_ops {
    enum err (*find)(struct user_reader *self, struct ctx *ctx, int64_t id, struct user *ret);
};

struct user_reader { /* implementations embed this first */
    const struct user_reader_ops *ops;
};

/* The active user of this id; texts are ctx. ERR_NOT_FOUND. */
MUST_CHECK static inline enum err user_reader_find(struct user_reader *self, struct ctx *ctx,
                                                   int64_t id, struct user *ret)
{
    return self->ops->find(self, ctx, id, ret);
}
