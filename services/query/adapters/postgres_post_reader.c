/* Posts in PostgreSQL, for reading. Each call is one round trip. */

#include "postgres_post_reader.h"

#include <inttypes.h>
#include <stdlib.h>

#include "postgres_cursor.h"
#include "postgres_search.h"

#include "common/core/memory.h"

static const struct postgres_statement find = {
    "post_reader_find",
    "SELECT p.title, p.content, p.status, p.created_at, p.updated_at, p.author_id, u.email"
    " FROM posts p JOIN users u ON u.id = p.author_id WHERE p.id = $1"};

/* $1 and $2: the place after which the page begins, $3 its length. A statement for each index there
 * is. */
#define LIST                                                                                       \
    "SELECT p.id, p.title, p.status, p.created_at, p.author_id, u.email"                           \
    " FROM posts p JOIN users u ON u.id = p.author_id"                                             \
    " WHERE (p.created_at, p.id) < ($1::timestamptz, $2::bigint)"
#define PAGE " ORDER BY p.created_at DESC, p.id DESC LIMIT $3::bigint"

static const struct postgres_statement list_published = {"post_reader_list_published",
                                                         LIST " AND p.status = 'published'" PAGE};
static const struct postgres_statement list_by_author = {"post_reader_list_by_author",
                                                         LIST " AND p.author_id = $4" PAGE};
static const struct postgres_statement list_by_author_and_status = {
    "post_reader_list_by_author_and_status", LIST " AND p.author_id = $4 AND p.status = $5" PAGE};
static const struct postgres_statement list_any = {"post_reader_list_any", LIST
                                                   " AND ($4::text IS NULL OR p.status = $4)" PAGE};
/* $4 a part of the title; letters of all languages have cases. $5 a status, or any. */
#define TITLE_MATCHES                                                                              \
    SEARCH_MATCHES("title", "$4", "\"und-x-icu\"") " AND ($5::text IS NULL OR status = $5)"
static const struct postgres_statement search = {
    "post_reader_search",
    SEARCH_FOUND("SELECT id, title, status, created_at, author_id FROM posts"
                 " WHERE (created_at, id) < ($1::timestamptz, $2::bigint)",
                 "created_at DESC, id DESC", "$3::bigint",
                 TITLE_MATCHES) "SELECT p.id, p.title, p.status, p.created_at, p.author_id, u.email"
                                " FROM found p JOIN users u ON u.id = p.author_id ORDER BY "
                                "p.created_at DESC, p.id DESC"};
static const struct postgres_statement search_by_author = {
    "post_reader_search_by_author", LIST " AND p.author_id = $6::bigint AND " TITLE_MATCHES PAGE};

static const struct postgres_statement count_of = {
    "post_reader_count", "SELECT count(*) FROM posts WHERE author_id = $1"};

struct postgres_post_reader {
    struct post_reader base;
    struct postgres *db;
};

static const struct postgres_statement *choose(const struct post_filter *filter,
                                               struct postgres_parameters *parameters)
{
    const char *status = filter->status == 0 ? NULL : post_status_text(filter->status);
    if (filter->search != NULL && filter->search[0] != '\0') {
        postgres_add_text(parameters, filter->search);
        postgres_add_text(parameters, status);
        if (filter->author_id == 0) {
            return &search;
        }
        postgres_add_int64(parameters, filter->author_id);
        return &search_by_author;
    }
    if (filter->author_id == 0 && filter->status == POST_STATUS_PUBLISHED) {
        return &list_published;
    }
    if (filter->author_id == 0) {
        postgres_add_text(parameters, status);
        return &list_any;
    }
    postgres_add_int64(parameters, filter->author_id);
    if (status == NULL) {
        return &list_by_author;
    }
    postgres_add_text(parameters, status);
    return &list_by_author_and_status;
}

static enum err read_status(const struct pg_result *found, int row, int column, struct ctx *ctx,
                            enum post_status *ret)
{
    if (!post_status_parse(postgres_text(found, row, column, ctx->arena), ret)) {
        return postgres_ctx_fail(ctx, ERR_INTERNAL);
    }
    return OK;
}

static enum err read_summary(const struct pg_result *found, int row, struct ctx *ctx,
                             struct post_summary *ret)
{
    TRY(read_status(found, row, 2, ctx, &ret->status));
    ret->id = postgres_int64(found, row, 0);
    ret->title = postgres_text(found, row, 1, ctx->arena);
    ret->created_at = postgres_time(found, row, 3);
    ret->author.id = postgres_int64(found, row, 4);
    ret->author.email = postgres_text(found, row, 5, ctx->arena);
    return OK;
}

/* `found` has one row more than the page when there is a next one. */
static enum err read_page(const struct pg_result *found, struct ctx *ctx, size_t limit,
                          struct post_page *ret)
{
    size_t rows = (size_t)postgres_row_count(found);
    size_t count = rows < limit ? rows : limit;
    struct post_summary *posts = arena_alloc(ctx->arena, count * sizeof(*posts));
    for (size_t i = 0; i < count; i++) {
        TRY(read_summary(found, (int)i, ctx, &posts[i]));
    }
    *ret = (struct post_page){.posts = posts, .count = count};
    if (rows > count && count > 0) {
        ret->next_cursor = postgres_cursor_encode(
            &(struct postgres_cursor){posts[count - 1].created_at, posts[count - 1].id},
            ctx->arena);
    }
    return OK;
}

static enum err list_posts(struct post_reader *self, struct ctx *ctx,
                           const struct post_filter *filter, struct post_page *ret)
{
    struct postgres_parameters parameters = {0};
    TRY(postgres_cursor_add(filter->cursor, ctx, &parameters));
    postgres_add_int64(&parameters, filter->limit + 1);
    const struct postgres_statement *statement = choose(filter, &parameters);
    struct postgres *db = ((struct postgres_post_reader *)self)->db;
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, statement, &parameters, &found)));
    return read_page(found, ctx, (size_t)filter->limit, ret);
}

static enum err find_post(struct post_reader *self, struct ctx *ctx, int64_t id, struct post *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    struct postgres *db = ((struct postgres_post_reader *)self)->db;
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, &find, &parameters, &found)));
    if (postgres_row_count(found) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no post %" PRId64, id);
    }
    enum post_status status = POST_STATUS_DRAFT;
    TRY(read_status(found, 0, 2, ctx, &status));
    *ret = (struct post){
        .id = id,
        .title = postgres_text(found, 0, 0, ctx->arena),
        .content = postgres_text(found, 0, 1, ctx->arena),
        .status = status,
        .created_at = postgres_time(found, 0, 3),
        .updated_at = postgres_time(found, 0, 4),
        .author = {.id = postgres_int64(found, 0, 5),
                   .email = postgres_text(found, 0, 6, ctx->arena)},
    };
    return OK;
}

static enum err count_posts(struct post_reader *self, struct ctx *ctx, int64_t author_id,
                            int64_t *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, author_id);
    struct postgres *db = ((struct postgres_post_reader *)self)->db;
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, &count_of, &parameters, &found)));
    *ret = postgres_int64(found, 0, 0);
    return OK;
}

static const struct post_reader_ops ops = {
    .list = list_posts, .find = find_post, .count = count_posts};

struct post_reader *postgres_post_reader_new(struct postgres *db)
{
    struct postgres_post_reader *reader = memory_new(1, sizeof(*reader));
    reader->base.ops = &ops;
    reader->db = db;
    return &reader->base;
}

void postgres_post_reader_free(struct post_reader *reader)
{
    free(reader);
}
