/*
 * Posts, for writing. Works inside the transaction of the message at work; adapters:
 * adapters/postgres_post_store.h; tests: tests/fakes/fake_post_store.h. Every function may fail
 * with ERR_UNAVAILABLE (passing trouble) or ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct post_store;

/* What to change of a post: NULL and 0 leave it as it is. */
struct post_changes {
    const char *title;
    const char *content;
    enum post_status status;
    int64_t author_id; /* a user who is there */
};

struct post_store_ops {
    enum err (*insert)(struct post_store *self, struct ctx *ctx, struct post *post);
    enum err (*find)(struct post_store *self, struct ctx *ctx, int64_t id, struct post *ret);
    enum err (*update)(struct post_store *self, struct ctx *ctx, int64_t id,
                       const struct post_changes *changes, struct post *ret);
    enum err (*remove)(struct post_store *self, struct ctx *ctx, int64_t id);
    enum err (*remove_of)(struct post_store *self, struct ctx *ctx, int64_t author_id, size_t max,
                          int64_t **ret_ids, size_t *ret_count);
};

struct post_store { /* implementations embed this first */
    const struct post_store_ops *ops;
};

/* Store a new post by the user author.id; fills in what the database decides: id, dates, author.
 * ERR_UNAVAILABLE when the author is gone. */
MUST_CHECK static inline enum err post_store_insert(struct post_store *self, struct ctx *ctx,
                                                    struct post *post)
{
    return self->ops->insert(self, ctx, post);
}

/* The post, locked against changes by others until the transaction ends; texts are ctx.
 * ERR_NOT_FOUND. */
MUST_CHECK static inline enum err post_store_find(struct post_store *self, struct ctx *ctx,
                                                  int64_t id, struct post *ret)
{
    return self->ops->find(self, ctx, id, ret);
}

/* Change a post and its updated_at; `ret` is the post as it is now. ERR_NOT_FOUND; ERR_UNAVAILABLE
 * when the new author is gone. */
MUST_CHECK static inline enum err post_store_update(struct post_store *self, struct ctx *ctx,
                                                    int64_t id, const struct post_changes *changes,
                                                    struct post *ret)
{
    return self->ops->update(self, ctx, id, changes, ret);
}

/* Delete a post. ERR_NOT_FOUND. */
MUST_CHECK static inline enum err post_store_remove(struct post_store *self, struct ctx *ctx,
                                                    int64_t id)
{
    return self->ops->remove(self, ctx, id);
}

/* Delete the posts of this author, but no more than `max`; their ids are ctx. */
MUST_CHECK static inline enum err post_store_remove_of(struct post_store *self, struct ctx *ctx,
                                                       int64_t author_id, size_t max,
                                                       int64_t **ret_ids, size_t *ret_count)
{
    return self->ops->remove_of(self, ctx, author_id, max, ret_ids, ret_count);
}
