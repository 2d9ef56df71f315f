/*
 * Dead letters, as handlers may know them. What is done with one is written to the audit trail, as
 * done by the caller. Works inside the transaction of the message at work;
 * adapter: adapters/postgres_dead_letter_store.h; tests: tests/fakes/fake_dead_letter_store.h.
 * ERR_UNAVAILABLE (passing trouble) or ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct dead_letter_store;

struct dead_letter_store_ops {
    enum err (*count)(struct dead_letter_store *self, struct ctx *ctx, int64_t since_us,
                      int64_t *ret_count);
    enum err (*retry)(struct dead_letter_store *self, struct ctx *ctx, int64_t id,
                      enum letter_obstacle *ret);
    enum err (*drop)(struct dead_letter_store *self, struct ctx *ctx, int64_t id,
                     enum letter_obstacle *ret);
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

#define LETTER_HAS_LEFT ((enum letter_obstacle)0) /* nothing was in the way */

/*
 * Send the command of this letter again once the transaction has committed, under the identity it
 * had, for the user it was for, without deadline and with nobody to answer; what is known of its
 * failure is forgotten, the letter is gone. LETTER_HAS_LEFT, or what was in the way: it stays.
 */
MUST_CHECK static inline enum err dead_letter_store_retry(struct dead_letter_store *self,
                                                          struct ctx *ctx, int64_t id,
                                                          enum letter_obstacle *ret)
{
    return self->ops->retry(self, ctx, id, ret);
}

/* Delete this letter; its command has failed, for whoever asks. LETTER_HAS_LEFT or
 * LETTER_OBSTACLE_GONE. */
MUST_CHECK static inline enum err dead_letter_store_drop(struct dead_letter_store *self,
                                                         struct ctx *ctx, int64_t id,
                                                         enum letter_obstacle *ret)
{
    return self->ops->drop(self, ctx, id, ret);
}
