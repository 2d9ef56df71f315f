/* Sessions in PostgreSQL, for reading. */

#include "postgres_session_reader.h"

#include <stdlib.h>

#include "common/core/memory.h"

static const struct postgres_statement list = {
    "session_reader_list",
    "SELECT id, created_at, last_seen_at, expires_at, client_address, digest = $2 FROM sessions"
    " WHERE user_id = $1 AND expires_at > now() ORDER BY last_seen_at DESC, id DESC LIMIT 100"};

struct postgres_session_reader {
    struct session_reader base;
    struct postgres *db;
};

static void read_session(const struct pg_result *found, int row, struct arena *arena,
                         struct user_session *ret)
{
    *ret = (struct user_session){
        .id = postgres_int64(found, row, 0),
        .created_at = postgres_time(found, row, 1),
        .last_seen_at = postgres_time(found, row, 2),
        .expires_at = postgres_time(found, row, 3),
        .client_address = postgres_text(found, row, 4, arena),
        .is_current = postgres_bool(found, row, 5),
    };
}

static enum err list_sessions(struct session_reader *self, struct ctx *ctx, int64_t user_id,
                              struct session_list *ret)
{
    struct postgres *db = ((struct postgres_session_reader *)self)->db;
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, user_id);
    postgres_add_digest(&parameters, ctx->session);
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, &list, &parameters, &found)));
    ret->count = (size_t)postgres_row_count(found);
    ret->sessions = arena_alloc(ctx->arena, ret->count * sizeof(*ret->sessions));
    for (size_t i = 0; i < ret->count; i++) {
        read_session(found, (int)i, ctx->arena, &ret->sessions[i]);
    }
    return OK;
}

static const struct session_reader_ops ops = {.list = list_sessions};

struct session_reader *postgres_session_reader_new(struct postgres *db)
{
    struct postgres_session_reader *reader = memory_new(1, sizeof(*reader));
    reader->base.ops = &ops;
    reader->db = db;
    return &reader->base;
}

void postgres_session_reader_free(struct session_reader *reader)
{
    free(reader);
}
