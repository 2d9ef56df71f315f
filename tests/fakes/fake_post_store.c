/* Posts in memory. */

#include "tests/fakes/fake_post_store.h"

#include <inttypes.h>

#include "tests/fakes/fake_text.h"

static struct fake_post_store *store_of(struct post_store *base)
{
    return (struct fake_post_store *)base;
}

static const char *email_of(struct fake_post_store *store, int64_t author_id)
{
    if (store->users == NULL) {
        return "author@example.com";
    }
    const struct fake_user *author = fake_user_store_get(store->users, author_id);
    return author == NULL ? NULL : author->email;
}

static void read_post(struct fake_post_store *store, const struct fake_post *kept,
                      struct arena *arena, struct post *ret)
{
    *ret = (struct post){
        .id = kept->id,
        .title = arena_strdup(arena, kept->title),
        .content = arena_strdup(arena, kept->content),
        .status = kept->status,
        .created_at = kept->created_at,
        .updated_at = kept->updated_at,
        .author = {kept->author_id, arena_strdup(arena, email_of(store, kept->author_id))},
    };
}

static enum err get(struct fake_post_store *store, struct ctx *ctx, int64_t id,
                    struct fake_post **ret)
{
    TRY(store->fails_with);
    *ret = fake_post_store_get(store, id);
    return *ret == NULL ? ctx_fail(ctx, ERR_NOT_FOUND, "no post %" PRId64, id) : OK;
}

static enum err fake_insert(struct post_store *base, struct ctx *ctx, struct post *post)
{
    struct fake_post_store *store = store_of(base);
    TRY(store->fails_with);
    if (email_of(store, post->author.id) == NULL) {
        return ctx_fail(ctx, ERR_UNAVAILABLE, "the author is gone");
    }
    struct fake_post *kept = fake_post_store_add(store, post->author.id, post->title, post->status);
    fake_text_copy(kept->content, sizeof(kept->content), post->content);
    read_post(store, kept, ctx->arena, post);
    return OK;
}

static enum err fake_find(struct post_store *base, struct ctx *ctx, int64_t id, struct post *ret)
{
    struct fake_post *kept;
    TRY(get(store_of(base), ctx, id, &kept));
    read_post(store_of(base), kept, ctx->arena, ret);
    return OK;
}

static enum err fake_update(struct post_store *base, struct ctx *ctx, int64_t id,
                            const struct post_changes *changes, struct post *ret)
{
    struct fake_post_store *store = store_of(base);
    struct fake_post *kept;
    TRY(get(store, ctx, id, &kept));
    if (changes->author_id != 0 && email_of(store, changes->author_id) == NULL) {
        return ctx_fail(ctx, ERR_UNAVAILABLE, "the author is gone");
    }
    if (changes->title != NULL) {
        fake_text_copy(kept->title, sizeof(kept->title), changes->title);
    }
    if (changes->content != NULL) {
        fake_text_copy(kept->content, sizeof(kept->content), changes->content);
    }
    if (changes->status != 0) {
        kept->status = changes->status;
    }
    if (changes->author_id != 0) {
        kept->author_id = changes->author_id;
    }
    kept->updated_at = store->clock_us += 1000000;
    read_post(store, kept, ctx->arena, ret);
    return OK;
}

static enum err fake_remove(struct post_store *base, struct ctx *ctx, int64_t id)
{
    struct fake_post_store *store = store_of(base);
    struct fake_post *kept;
    TRY(get(store, ctx, id, &kept));
    *kept = store->posts[--store->count];
    return OK;
}

static enum err fake_remove_of(struct post_store *base, struct ctx *ctx, int64_t author_id,
                               size_t max, int64_t **ret_ids, size_t *ret_count)
{
    struct fake_post_store *store = store_of(base);
    TRY(store->fails_with);
    *ret_ids = arena_alloc(ctx->arena, (store->count + 1) * sizeof(**ret_ids));
    *ret_count = 0;
    size_t i = 0;
    while (i < store->count && *ret_count < max) {
        if (store->posts[i].author_id != author_id) {
            i++;
            continue;
        }
        (*ret_ids)[(*ret_count)++] = store->posts[i].id;
        store->posts[i] = store->posts[--store->count];
    }
    return OK;
}

static const struct post_store_ops fake_ops = {
    .insert = fake_insert,
    .find = fake_find,
    .update = fake_update,
    .remove = fake_remove,
    .remove_of = fake_remove_of,
};

void fake_post_store_init(struct fake_post_store *ret, struct fake_user_store *users)
{
    *ret = (struct fake_post_store){
        .base.ops = &fake_ops,
        .users = users,
        .clock_us = INT64_C(1704067200000000), /* 2024-01-01 */
    };
}

struct fake_post *fake_post_store_add(struct fake_post_store *store, int64_t author_id,
                                      const char *title, enum post_status status)
{
    assert(store->count < FAKE_POSTS_MAX);
    struct fake_post *kept = &store->posts[store->count++];
    store->clock_us += 1000000;
    *kept = (struct fake_post){
        .id = ++store->last_id,
        .author_id = author_id,
        .content = "some content",
        .status = status,
        .created_at = store->clock_us,
        .updated_at = store->clock_us,
    };
    fake_text_copy(kept->title, sizeof(kept->title), title);
    return kept;
}

struct fake_post *fake_post_store_get(struct fake_post_store *store, int64_t id)
{
    for (size_t i = 0; i < store->count; i++) {
        if (store->posts[i].id == id) {
            return &store->posts[i];
        }
    }
    return NULL;
}
