/*
 * Dead letters, as handlers may know them. Works inside the transaction of the message at work;
 * adapter: adapters/postgres_dead_letter_store.h; tests: tests/fakes/fake_dead_letter_store.h.
 * ERR_UNAVAILABLE (passing trouble) or ERR_INTERNAL.
 */
#pragma once

#include "ctx.h"

struct dead_letter_store;

struct dead_letter_store_ops {
    enum err (*count)(struct dead_letter_store *self, struct ctx *ctx, int64_t since_us,
                      int64_t *ret_count);
};

struct dead_letter_store { /* implementations embed this first */
    const struct dead_letter_store_ops *ops;
};

/* How many messages have failed for good since then (Unix time in µs)? */
MUST_CHECK static inline enum err dead_letter_store_count(struct dead_letter_store *self,
                                                          struct ctx *ctx, int64_t since_us,
                                                          int64_t *ret_count)
{
    return self->ops->count(self, ctx, since_us, ret_count);
}
