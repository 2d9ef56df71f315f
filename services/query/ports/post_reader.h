/*
 * Posts, for reading. Adapter: adapters/postgres_post_reader.h; tests:
 * tests/fakes/fake_post_reader.h. Every function may fail with ERR_UNAVAILABLE (passing trouble) or
 * ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct post_reader;

/* Which posts, and which page of them. */
struct post_filter {
    const char *search;      /* a part of the title, in any case; NULL or "": all */
    int64_t author_id;       /* 0: everybody's */
    enum post_status status; /* 0: any */
    const char *cursor;      /* as next_cursor gave it, or NULL: from the newest */
    int64_t limit;           /* 1–100 */
};

struct post_page {
    struct post_summary *posts; /* ctx; newest first: created_at, then id, descending */
    size_t count;
    const char *next_cursor; /* opaque; NULL at the end; ctx */
};

struct post_reader_ops {
    enum err (*list)(struct post_reader *self, struct ctx *ctx, const struct post_filter *filter,
                     struct post_page *ret);
    enum err (*find)(struct post_reader *self, struct ctx *ctx, int64_t id, struct post *ret);
    enum err (*count)(struct post_reader *self, struct ctx *ctx, int64_t author_id, int64_t *ret);
};

struct post_reader { /* implementations embed this first */
    const struct post_reader_ops *ops;
};

/* A page of posts. A walk over the pages neither repeats nor misses a post that existed throughout.
 * ERR_INVALID_INPUT on field `cursor` for one that is not ours. */
MUST_CHECK static inline enum err post_reader_list(struct post_reader *self, struct ctx *ctx,
                                                   const struct post_filter *filter,
                                                   struct post_page *ret)
{
    return self->ops->list(self, ctx, filter, ret);
}

/* The post of this id, whatever its status and author; texts are ctx. ERR_NOT_FOUND. */
MUST_CHECK static inline enum err post_reader_find(struct post_reader *self, struct ctx *ctx,
                                                   int64_t id, struct post *ret)
{
    return self->ops->find(self, ctx, id, ret);
}

/* How many posts there are of this author, whatever their status. */
MUST_CHECK static inline enum err post_reader_count(struct post_reader *self, struct ctx *ctx,
                                                    int64_t author_id, int64_t *ret)
{
    return self->ops->count(self, ctx, author_id, ret);
}
