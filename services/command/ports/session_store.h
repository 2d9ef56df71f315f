/*
 * Sessions: only digests of tokens are known here (lower-case hex SHA-256). Works inside the
 * transaction of the message at work; adapter: adapters/postgres_session_store.h; tests:
 * tests/fakes/fake_session_store.h. Every function may fail with ERR_UNAVAILABLE or ERR_INTERNAL.
 */
#pragma once

#include "ctx.h"

struct session_store;

struct session_store_ops {
    enum err (*start)(struct session_store *self, struct ctx *ctx, const char *digest,
                      int64_t user_id);
    enum err (*end)(struct session_store *self, struct ctx *ctx, const char *digest);
};

struct session_store { /* implementations embed this first */
    const struct session_store_ops *ops;
};

/* Start a session of this user; it lasts as long as the settings say. The same digest again is the
 * same session, started anew. */
MUST_CHECK static inline enum err session_store_start(struct session_store *self, struct ctx *ctx,
                                                      const char *digest, int64_t user_id)
{
    TRY(self->ops->start(self, ctx, digest, user_id));
    ctx->session_user_id = user_id;
    return OK;
}

/* End a session; one that is not there has ended. */
MUST_CHECK static inline enum err session_store_end(struct session_store *self, struct ctx *ctx,
                                                    const char *digest)
{
    return self->ops->end(self, ctx, digest);
}
