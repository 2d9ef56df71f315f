/* Posts in PostgreSQL, for writing. */

#include "postgres_post_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"

#define POST "p.id, p.title, p.content, p.status, p.created_at, p.updated_at, p.author_id"
#define COLUMNS POST ", u.email"

static const struct postgres_statement insert = {
    "post_insert",
    "WITH p AS (INSERT INTO posts (author_id, title, content, status) VALUES ($1, $2, $3, $4)"
    " RETURNING id, author_id, created_at, updated_at)"
    " SELECT p.id, p.created_at, p.updated_at, u.email FROM p JOIN users u ON u.id = p.author_id"};

/* Locked alone, and then read: whoever waited for the row sees who its author has become. */
static const struct postgres_statement lock = {"post_lock",
                                               "SELECT FROM posts WHERE id = $1 FOR UPDATE"};
static const struct postgres_statement find = {
    "post_find",
    "SELECT " COLUMNS " FROM posts p JOIN users u ON u.id = p.author_id WHERE p.id = $1"};

static const struct postgres_statement update = {
    "post_update",
    "UPDATE posts p SET title = coalesce($2, p.title), content = coalesce($3, p.content),"
    " status = coalesce($4, p.status), author_id = coalesce($5, p.author_id),"
    " updated_at = clock_timestamp() WHERE p.id = $1"
    " RETURNING " POST ", (SELECT u.email FROM users u WHERE u.id = p.author_id)"};

static const struct postgres_statement remove_statement = {"post_remove",
                                                           "DELETE FROM posts WHERE id = $1"};

static const struct postgres_statement remove_of = {
    "post_remove_of", "DELETE FROM posts WHERE id IN"
                      " (SELECT id FROM posts WHERE author_id = $1 LIMIT $2) RETURNING id"};

struct postgres_post_store {
    struct post_store base;
    struct postgres *db;
};

static struct postgres *db_of(struct post_store *self)
{
    return ((struct postgres_post_store *)self)->db;
}

static const char *status_text(enum post_status status)
{
    return status == 0 ? NULL : post_status_text(status);
}

/* An author deleted since the unit began is passing trouble: the message finds nobody signed in, or
 * no such user, when it is tried again. */
static enum err execute(struct postgres *db, const struct postgres_statement *statement,
                        const struct postgres_parameters *parameters, const struct pg_result **ret)
{
    enum err err = postgres_execute(db, statement, parameters, ret);
    const char *constraint = err == ERR_INTERNAL ? postgres_violated_constraint(db) : NULL;
    bool is_author_gone = constraint != NULL && strcmp(constraint, "posts_author_id_fkey") == 0;
    return is_author_gone ? ERR_UNAVAILABLE : err;
}

static enum err insert_post(struct post_store *self, struct ctx *ctx, struct post *post)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, post->author.id);
    postgres_add_text(&parameters, post->title);
    postgres_add_text(&parameters, post->content);
    postgres_add_text(&parameters, status_text(post->status));
    const struct pg_result *inserted;
    TRY(postgres_ctx_fail(ctx, execute(db_of(self), &insert, &parameters, &inserted)));
    post->id = postgres_int64(inserted, 0, 0);
    post->created_at = postgres_time(inserted, 0, 1);
    post->updated_at = postgres_time(inserted, 0, 2);
    post->author.email = postgres_text(inserted, 0, 3, ctx->arena);
    return OK;
}

static enum err read_post(const struct pg_result *found, struct ctx *ctx, int64_t id,
                          struct post *ret)
{
    if (postgres_row_count(found) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no post %" PRId64, id);
    }
    enum post_status status = POST_STATUS_DRAFT;
    if (!post_status_parse(postgres_text(found, 0, 3, ctx->arena), &status)) {
        return postgres_ctx_fail(ctx, ERR_INTERNAL);
    }
    *ret = (struct post){
        .id = postgres_int64(found, 0, 0),
        .title = postgres_text(found, 0, 1, ctx->arena),
        .content = postgres_text(found, 0, 2, ctx->arena),
        .status = status,
        .created_at = postgres_time(found, 0, 4),
        .updated_at = postgres_time(found, 0, 5),
        .author = {.id = postgres_int64(found, 0, 6),
                   .email = postgres_text(found, 0, 7, ctx->arena)},
    };
    return OK;
}

static enum err find_post(struct post_store *self, struct ctx *ctx, int64_t id, struct post *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    struct postgres *db = db_of(self);
    postgres_queue(db, &lock, &parameters);
    postgres_queue(db, &find, &parameters);
    TRY(postgres_ctx_fail(ctx, postgres_run(db)));
    return read_post(postgres_result(db, 1), ctx, id, ret);
}

static enum err update_post(struct post_store *self, struct ctx *ctx, int64_t id,
                            const struct post_changes *changes, struct post *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    postgres_add_text(&parameters, changes->title);
    postgres_add_text(&parameters, changes->content);
    postgres_add_text(&parameters, status_text(changes->status));
    postgres_add_id(&parameters, changes->author_id);
    const struct pg_result *updated;
    TRY(postgres_ctx_fail(ctx, execute(db_of(self), &update, &parameters, &updated)));
    return read_post(updated, ctx, id, ret);
}

static enum err remove_post(struct post_store *self, struct ctx *ctx, int64_t id)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    const struct pg_result *removed;
    TRY(postgres_ctx_fail(ctx,
                          postgres_execute(db_of(self), &remove_statement, &parameters, &removed)));
    if (postgres_affected(removed) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no post %" PRId64, id);
    }
    return OK;
}

static enum err remove_posts_of(struct post_store *self, struct ctx *ctx, int64_t author_id,
                                size_t max, int64_t **ret_ids, size_t *ret_count)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, author_id);
    postgres_add_int64(&parameters, (int64_t)max);
    const struct pg_result *removed;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), &remove_of, &parameters, &removed)));
    *ret_count = (size_t)postgres_row_count(removed);
    *ret_ids = arena_alloc(ctx->arena, *ret_count * sizeof(**ret_ids));
    for (size_t i = 0; i < *ret_count; i++) {
        (*ret_ids)[i] = postgres_int64(removed, (int)i, 0);
    }
    return OK;
}

static const struct post_store_ops ops = {
    .insert = insert_post,
    .find = find_post,
    .update = update_post,
    .remove = remove_post,
    .remove_of = remove_posts_of,
};

struct post_store *postgres_post_store_new(struct postgres *db)
{
    struct postgres_post_store *store = memory_new(1, sizeof(*store));
    store->base.ops = &ops;
    store->db = db;
    return &store->base;
}

void postgres_post_store_free(struct post_store *store)
{
    free(store);
}
