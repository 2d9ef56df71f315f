/* The audit log in PostgreSQL, for reading. */

#include "postgres_change_reader.h"

#include <stdlib.h>
#include <string.h>

#include "postgres_cursor.h"

#include "common/core/memory.h"

/* What a field was or is, as far as it is shown. */
#define SHOWN(name)                                                                                \
    "CASE WHEN skipped > 0 THEN '…' ELSE '' END || substr(f->>'" name "', skipped + 1, 200)"       \
    " || CASE WHEN length(f->>'" name "') > skipped + 200 THEN '…' ELSE '' END"

/*
 * How much of both texts of a field is skipped: where one is too long, all but the 40 characters
 * before the first difference, unless that is seen anyway. It is found by halves: that many
 * characters of both are the same, and at the most that many.
 */
#define SKIPPED                                                                                    \
    "WITH RECURSIVE halves (least, most) AS (SELECT 0, CASE WHEN"                                  \
    " greatest(length(f->>'old'), length(f->>'new')) > 200 AND f->>'old' IS NOT NULL"              \
    " AND f->>'new' IS NOT NULL THEN least(length(f->>'old'), length(f->>'new')) ELSE 0 END"       \
    " UNION ALL SELECT CASE WHEN is_same THEN middle ELSE least END,"                              \
    " CASE WHEN is_same THEN most ELSE middle - 1 END FROM (SELECT least, most, middle,"           \
    " left(f->>'old', middle) = left(f->>'new', middle) AS is_same FROM (SELECT least, most,"      \
    " (least + most + 1) / 2 AS middle FROM halves WHERE least < most) AS next) AS step)"          \
    " SELECT CASE WHEN least > 160 THEN least - 40 ELSE 0 END AS skipped FROM halves"              \
    " WHERE least = most"

/* $1 and $2: the place after which the page begins, $3 its length. */
static const struct postgres_statement list = {
    "change_reader_list",
    "SELECT id, changed_at, user_id, user_email, message, object, object_id, label,"
    " (SELECT json_build_object('fields', coalesce(json_agg(json_build_object('field', f->>'field',"
    " 'old', " SHOWN("old") ", 'new', " SHOWN(
        "new") ") ORDER BY number), '[]'))::text"
               " FROM jsonb_array_elements(fields->'fields') WITH ORDINALITY AS each (f, number)"
               " CROSS JOIN LATERAL (" SKIPPED ") AS start)"
               " FROM admin_changes WHERE (changed_at, id) < ($1::timestamptz, $2::bigint)"
               " ORDER BY changed_at DESC, id DESC LIMIT $3::bigint"};

_Static_assert(CHANGE_TEXT_MAX == 200 && CHANGE_TEXT_LEAD == 40, "as the statement has it");

struct postgres_change_reader {
    struct change_reader base;
    struct postgres *db;
};

static enum err read_change(const struct pg_result *found, int row, struct ctx *ctx,
                            struct admin_change *ret)
{
    struct field_changes changes = {0};
    struct problem problem = {0};
    const char *fields = postgres_text(found, row, 8, ctx->arena);
    enum changed_object object = CHANGED_OBJECT_USER;
    if (json_decode(&field_changes_object, fields, strlen(fields), ctx->arena, &problem,
                    &changes) != OK ||
        !changed_object_parse(postgres_text(found, row, 5, ctx->arena), &object)) {
        return postgres_ctx_fail(ctx, ERR_INTERNAL); /* of a later release */
    }
    *ret = (struct admin_change){
        .id = postgres_int64(found, row, 0),
        .changed_at = postgres_time(found, row, 1),
        .user = {.id = postgres_int64(found, row, 2),
                 .email = postgres_text(found, row, 3, ctx->arena)},
        .message = postgres_text(found, row, 4, ctx->arena),
        .object = object,
        .object_id = postgres_int64(found, row, 6),
        .label = postgres_text(found, row, 7, ctx->arena),
        .changed = changes,
    };
    return OK;
}

/* `found` has one row more than the page when there is a next one. */
static enum err read_page(const struct pg_result *found, struct ctx *ctx, size_t limit,
                          struct change_page *ret)
{
    size_t rows = (size_t)postgres_row_count(found);
    size_t count = rows < limit ? rows : limit;
    struct admin_change *changes = arena_alloc(ctx->arena, count * sizeof(*changes));
    for (size_t i = 0; i < count; i++) {
        TRY(read_change(found, (int)i, ctx, &changes[i]));
    }
    *ret = (struct change_page){.changes = changes, .count = count};
    if (rows > count && count > 0) {
        ret->next_cursor = postgres_cursor_encode(
            &(struct postgres_cursor){changes[count - 1].changed_at, changes[count - 1].id},
            ctx->arena);
    }
    return OK;
}

static enum err list_changes(struct change_reader *self, struct ctx *ctx, const char *cursor,
                             int64_t limit, struct change_page *ret)
{
    struct postgres_parameters parameters = {0};
    TRY(postgres_cursor_add(cursor, ctx, &parameters));
    postgres_add_int64(&parameters, limit + 1);
    struct postgres *db = ((struct postgres_change_reader *)self)->db;
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, &list, &parameters, &found)));
    return read_page(found, ctx, (size_t)limit, ret);
}

static const struct change_reader_ops ops = {.list = list_changes};

struct change_reader *postgres_change_reader_new(struct postgres *db)
{
    struct postgres_change_reader *reader = memory_new(1, sizeof(*reader));
    reader->base.ops = &ops;
    reader->db = db;
    return &reader->base;
}

void postgres_change_reader_free(struct change_reader *reader)
{
    free(reader);
}
