/*
 * Users, for reading. Adapter: adapters/postgres_user_reader.h; tests:
 * tests/fakes/fake_user_reader.h. Every function may fail with ERR_UNAVAILABLE (passing trouble) or
 * ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct user_reader;

/* Which users, and which page of them. */
struct user_filter {
    const char *search; /* a part of the e-mail address, in any case; NULL or "": all */
    bool has_is_active;
    bool is_active;
    bool has_is_staff;
    bool is_staff;
    const char *cursor; /* as next_cursor gave it, or NULL: from the beginning */
    int64_t limit;      /* 1–100 */
};

struct user_page {
    struct managed_user *users; /* ctx; newest login first, never last; then id, descending */
    size_t count;
    const char *next_cursor; /* opaque; NULL at the end; ctx */
};

struct user_reader_ops {
    enum err (*find)(struct user_reader *self, struct ctx *ctx, int64_t id, struct user *ret);
    enum err (*find_any)(struct user_reader *self, struct ctx *ctx, int64_t id,
                         struct managed_user *ret);
    enum err (*list)(struct user_reader *self, struct ctx *ctx, const struct user_filter *filter,
                     struct user_page *ret);
    enum err (*find_authors)(struct user_reader *self, struct ctx *ctx, const char *search,
                             int64_t limit, struct author **ret, size_t *ret_count);
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

/* The user of this id, active or not; texts are ctx. ERR_NOT_FOUND. */
MUST_CHECK static inline enum err user_reader_find_any(struct user_reader *self, struct ctx *ctx,
                                                       int64_t id, struct managed_user *ret)
{
    return self->ops->find_any(self, ctx, id, ret);
}

/* A page of users. ERR_INVALID_INPUT on field `cursor` for one that is not ours. */
MUST_CHECK static inline enum err user_reader_list(struct user_reader *self, struct ctx *ctx,
                                                   const struct user_filter *filter,
                                                   struct user_page *ret)
{
    return self->ops->list(self, ctx, filter, ret);
}

/* The first `limit` users, active or not, whose e-mail address has this part, in any case (NULL or
 * "": all), in the order of their addresses; ctx. */
MUST_CHECK static inline enum err user_reader_find_authors(struct user_reader *self,
                                                           struct ctx *ctx, const char *search,
                                                           int64_t limit, struct author **ret,
                                                           size_t *ret_count)
{
    return self->ops->find_authors(self, ctx, search, limit, ret, ret_count);
}
