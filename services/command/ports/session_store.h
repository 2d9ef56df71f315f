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
    enum err (*end_one)(struct session_store *self, struct ctx *ctx, int64_t user_id, int64_t id);
    enum err (*end_others)(struct session_store *self, struct ctx *ctx, int64_t user_id,
                           const char *digest);
    enum err (*end_all)(struct session_store *self, struct ctx *ctx, int64_t user_id);
    enum err (*touch)(struct session_store *self, struct ctx *ctx, const char *digest);
};

struct session_store { /* implementations embed this first */
    const struct session_store_ops *ops;
};

/* Start a session of this user, seen at ctx->client_address; it lasts as long as the settings say.
 * The same digest again is the same session, started anew. */
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

/* End the session of this user with this id. ERR_NOT_FOUND: it is not there, or another's. */
MUST_CHECK static inline enum err session_store_end_one(struct session_store *self, struct ctx *ctx,
                                                        int64_t user_id, int64_t id)
{
    return self->ops->end_one(self, ctx, user_id, id);
}

/* End the sessions of this user but the one with this digest; NULL: all. */
MUST_CHECK static inline enum err session_store_end_others(struct session_store *self,
                                                           struct ctx *ctx, int64_t user_id,
                                                           const char *digest)
{
    return self->ops->end_others(self, ctx, user_id, digest);
}

/*
 * End all sessions of this user, for the password or the right to act is gone: no login from before
 * starts one any more, though its message is repeated (unit_begin) or at work at this moment. After
 * the change of the user, in the same transaction.
 */
MUST_CHECK static inline enum err session_store_end_all(struct session_store *self, struct ctx *ctx,
                                                        int64_t user_id)
{
    return self->ops->end_all(self, ctx, user_id);
}

/* The session is in use, at ctx->client_address: its idle end moves on, unless it did so within the
 * last 5 minutes. Nothing happens to one that has ended. */
MUST_CHECK static inline enum err session_store_touch(struct session_store *self, struct ctx *ctx,
                                                      const char *digest)
{
    return self->ops->touch(self, ctx, digest);
}
