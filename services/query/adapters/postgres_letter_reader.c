/* Dead letters in PostgreSQL, for reading. Each call is one round trip. */

#include "postgres_letter_reader.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/core/memory.h"
#include "postgres_cursor.h"

/* 500: LETTER_TEXT_MAX; 100: LETTER_GROUPS_MAX; 20: LETTER_ACTIONS_MAX; 524288: LETTER_BODY_MAX. */

/* Letters of before the column user_id have it among the headers. */
#define USER                                                                                       \
    "coalesce(user_id, CASE WHEN json_typeof(headers::json -> 'user_id') = 'number'"               \
    " THEN (headers::json ->> 'user_id')::int8 END)"

/* All letters, or those of one message: a plan for both would read all of them. $1 and $2: before
 * which letter the page begins, and its length; $3 the message. */
#define LIST(of_message)                                                                           \
    "SELECT id, message_id::text, message, code, left(detail, 500), failed_at, " USER              \
    " FROM dead_letters WHERE id < $1::int8" of_message " ORDER BY id DESC LIMIT $2::int8"
#define LIST_GROUPS(of_message)                                                                    \
    "SELECT message, code, count(*), min(failed_at), max(failed_at) FROM dead_letters" of_message  \
    " GROUP BY message, code ORDER BY count(*) DESC, message, code LIMIT 100"
#define LIST_ACTIONS(of_message)                                                                   \
    "SELECT done_at, actor, action, letter_id, message, code, left(detail, 500)"                   \
    " FROM dead_letter_actions" of_message " ORDER BY id DESC LIMIT 20"

static const struct postgres_statement list = {"letter_reader_list", LIST("")};
static const struct postgres_statement list_groups = {"letter_reader_groups", LIST_GROUPS("")};
static const struct postgres_statement list_actions = {"letter_reader_actions", LIST_ACTIONS("")};

static const struct postgres_statement list_of_message = {"letter_reader_list_of_message",
                                                          LIST(" AND message = $3::text")};
static const struct postgres_statement list_groups_of_message = {
    "letter_reader_groups_of_message", LIST_GROUPS(" WHERE message = $1::text")};
static const struct postgres_statement list_actions_of_message = {
    "letter_reader_actions_of_message", LIST_ACTIONS(" WHERE message = $1::text")};

static const struct postgres_statement find = {
    "letter_reader_find",
    "SELECT message_id::text, message, code, detail, failed_at, " USER ", octet_length(body)::int8,"
    " CASE WHEN octet_length(body) <= 524288 THEN nullif(body, 'null') END, headers,"
    " (SELECT count FROM attempts WHERE attempts.message_id = dead_letters.message_id)"
    " FROM dead_letters WHERE id = $1::int8"};

struct postgres_letter_reader {
    struct letter_reader base;
    struct postgres *db;
};

static void read_user(const struct pg_result *rows, int row, int column, bool *ret_has,
                      int64_t *ret)
{
    *ret = postgres_int64(rows, row, column);
    *ret_has = *ret > NOBODY;
}

static void read_letters(const struct pg_result *rows, struct arena *arena, size_t limit,
                         struct letter_page *ret)
{
    size_t found = (size_t)postgres_row_count(rows);
    ret->letter_count = found < limit ? found : limit;
    ret->letters = arena_alloc(arena, ret->letter_count * sizeof(*ret->letters));
    for (size_t i = 0; i < ret->letter_count; i++) {
        struct letter_summary *letter = &ret->letters[i];
        *letter = (struct letter_summary){
            .id = postgres_int64(rows, (int)i, 0),
            .message_id = postgres_text(rows, (int)i, 1, arena),
            .message = postgres_text(rows, (int)i, 2, arena),
            .code = postgres_text(rows, (int)i, 3, arena),
            .detail = postgres_text(rows, (int)i, 4, arena),
            .failed_at = postgres_time(rows, (int)i, 5),
        };
        read_user(rows, (int)i, 6, &letter->has_user_id, &letter->user_id);
    }
    if (found > ret->letter_count && ret->letter_count > 0) {
        const struct postgres_cursor cursor = {.id = ret->letters[ret->letter_count - 1].id};
        ret->next_cursor = postgres_cursor_encode(&cursor, arena);
    }
}

static void read_groups(const struct pg_result *rows, struct arena *arena, struct letter_page *ret)
{
    ret->group_count = (size_t)postgres_row_count(rows);
    ret->groups = arena_alloc(arena, ret->group_count * sizeof(*ret->groups));
    for (size_t i = 0; i < ret->group_count; i++) {
        ret->groups[i] = (struct letter_group){
            .message = postgres_text(rows, (int)i, 0, arena),
            .code = postgres_text(rows, (int)i, 1, arena),
            .count = postgres_int64(rows, (int)i, 2),
            .oldest_at = postgres_time(rows, (int)i, 3),
            .newest_at = postgres_time(rows, (int)i, 4),
        };
    }
}

static void read_actions(const struct pg_result *rows, struct arena *arena, struct letter_page *ret)
{
    ret->action_count = (size_t)postgres_row_count(rows);
    ret->actions = arena_alloc(arena, ret->action_count * sizeof(*ret->actions));
    for (size_t i = 0; i < ret->action_count; i++) {
        ret->actions[i] = (struct letter_action){
            .done_at = postgres_time(rows, (int)i, 0),
            .actor = postgres_text(rows, (int)i, 1, arena),
            .action = postgres_text(rows, (int)i, 2, arena),
            .letter_id = postgres_int64(rows, (int)i, 3),
            .message = postgres_text(rows, (int)i, 4, arena),
            .code = postgres_text(rows, (int)i, 5, arena),
            .detail = postgres_text(rows, (int)i, 6, arena),
        };
    }
}

static void queue_lists(struct postgres *db, const struct letter_filter *filter, int64_t before_id)
{
    struct postgres_parameters message = {0};
    struct postgres_parameters page = {0};
    postgres_add_int64(&page, before_id);
    postgres_add_int64(&page, filter->limit + 1);
    if (filter->message == NULL) {
        postgres_queue(db, &list_groups, NULL);
        postgres_queue(db, &list_actions, NULL);
        postgres_queue(db, &list, &page);
        return;
    }
    postgres_add_text(&message, filter->message);
    postgres_add_text(&page, filter->message);
    postgres_queue(db, &list_groups_of_message, &message);
    postgres_queue(db, &list_actions_of_message, &message);
    postgres_queue(db, &list_of_message, &page);
}

static enum err list_letters(struct letter_reader *self, struct ctx *ctx,
                             const struct letter_filter *filter, struct letter_page *ret)
{
    struct postgres *db = ((struct postgres_letter_reader *)self)->db;
    struct postgres_cursor cursor = {.id = INT64_MAX};
    if (filter->cursor != NULL && !postgres_cursor_decode(filter->cursor, &cursor)) {
        return ctx_invalid(ctx, "cursor", "is not a cursor of this list");
    }
    queue_lists(db, filter, cursor.id);
    TRY(postgres_ctx_fail(ctx, postgres_run(db)));
    *ret = (struct letter_page){0};
    read_groups(postgres_result(db, 0), ctx->arena, ret);
    read_actions(postgres_result(db, 1), ctx->arena, ret);
    read_letters(postgres_result(db, 2), ctx->arena, (size_t)filter->limit, ret);
    return OK;
}

static enum err find_letter(struct letter_reader *self, struct ctx *ctx, int64_t id,
                            struct letter *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    struct postgres *db = ((struct postgres_letter_reader *)self)->db;
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, &find, &parameters, &found)));
    if (postgres_row_count(found) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no dead letter %" PRId64, id);
    }
    *ret = (struct letter){
        .id = id,
        .message_id = postgres_text(found, 0, 0, ctx->arena),
        .message = postgres_text(found, 0, 1, ctx->arena),
        .code = postgres_text(found, 0, 2, ctx->arena),
        .detail = postgres_text(found, 0, 3, ctx->arena),
        .failed_at = postgres_time(found, 0, 4),
        .body_size = postgres_int64(found, 0, 6),
        .body = postgres_text(found, 0, 7, ctx->arena),
        .headers = postgres_text(found, 0, 8, ctx->arena),
        .attempts = postgres_int64(found, 0, 9),
    };
    read_user(found, 0, 5, &ret->has_user_id, &ret->user_id);
    return OK;
}

struct letter_reader *postgres_letter_reader_new(struct postgres *db)
{
    static const struct letter_reader_ops ops = {.list = list_letters, .find = find_letter};
    _Static_assert(LETTER_TEXT_MAX == 500 && LETTER_GROUPS_MAX == 100 && LETTER_ACTIONS_MAX == 20 &&
                       LETTER_BODY_MAX == 524288,
                   "as the statements have them");
    struct postgres_letter_reader *reader = memory_new(1, sizeof(*reader));
    reader->base.ops = &ops;
    reader->db = db;
    return &reader->base;
}

void postgres_letter_reader_free(struct letter_reader *reader)
{
    free(reader);
}
