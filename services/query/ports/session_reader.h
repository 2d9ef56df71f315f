/*
 * Sessions, for reading. Adapter: adapters/postgres_session_reader.h; tests:
 * tests/fakes/fake_session_reader.h. Every function may fail with ERR_UNAVAILABLE (passing trouble)
 * or ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct session_reader;

struct session_list {
    struct user_session *sessions; /* ctx; the one used last comes first */
    size_t count;                  /* 100 at most */
};

struct session_reader_ops {
    enum err (*list)(struct session_reader *self, struct ctx *ctx, int64_t user_id,
                     struct session_list *ret);
};

struct session_reader { /* implementations embed this first */
    const struct session_reader_ops *ops;
};

/* The sessions of this user that have not ended; ctx->session is the current one. */
MUST_CHECK static inline enum err session_reader_list(struct session_reader *self, struct ctx *ctx,
                                                      int64_t user_id, struct session_list *ret)
{
    return self->ops->list(self, ctx, user_id, ret);
}
