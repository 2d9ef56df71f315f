/* Users in PostgreSQL, for reading. */

#include "postgres_user_reader.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/core/memory.h"

static const struct postgres_statement find = {
    "user_reader_find", "SELECT email, is_staff FROM users WHERE id = $1 AND is_active"};

struct postgres_user_reader {
    struct user_reader base;
    struct postgres *db;
};

static enum err find_user(struct user_reader *self, struct ctx *ctx, int64_t id, struct user *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    struct postgres *db = ((struct postgres_user_reader *)self)->db;
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, &find, &parameters, &found)));
    if (postgres_row_count(found) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no user %" PRId64, id);
    }
    *ret = (struct user){
        .id = id,
        .email = postgres_text(found, 0, 0, ctx->arena),
        .is_staff = postgres_bool(found, 0, 1),
    };
    return OK;
}

static const struct user_reader_ops ops = {.find = find_user};

struct user_reader *postgres_user_reader_new(struct postgres *db)
{
    struct postgres_user_reader *reader = memory_new(1, sizeof(*reader));
    reader->base.ops = &ops;
    reader->db = db;
    return &reader->base;
}

void postgres_user_reader_free(struct user_reader *reader)
{
    free(reader);
}
