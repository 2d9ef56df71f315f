/* Who acts, and is the database there. */

#include "postgres_reading.h"

#include <stdlib.h>

#include "common/core/memory.h"
#include "common/postgres/migrations.h"

static const struct postgres_statement find_by_session = {
    "reading_find_by_session",
    "SELECT u.id, u.is_staff, u.is_superuser FROM sessions s JOIN users u ON u.id = s.user_id"
    " WHERE s.digest = $1 AND s.expires_at > now() AND u.is_active"};

static const struct postgres_statement find_by_user = {
    "reading_find_by_user",
    "SELECT id, is_staff, is_superuser FROM users WHERE id = $1 AND is_active"};

struct postgres_reading {
    struct reading base;
    struct postgres *db;
};

static enum err identify(struct reading *self, struct ctx *ctx, const struct envelope *envelope)
{
    ctx->user_id = NOBODY;
    ctx->is_staff = ctx->is_superuser = false;
    const struct postgres_statement *statement = &find_by_session;
    struct postgres_parameters parameters = {0};
    if (envelope->session != NULL) {
        postgres_add_digest(&parameters, envelope->session);
    } else if (envelope->has_user_id) {
        postgres_add_int64(&parameters, envelope->user_id);
        statement = &find_by_user;
    } else {
        return OK;
    }
    struct postgres *db = ((struct postgres_reading *)self)->db;
    const struct pg_result *found;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, statement, &parameters, &found)));
    if (postgres_row_count(found) > 0) {
        ctx->user_id = postgres_int64(found, 0, 0);
        ctx->is_staff = postgres_bool(found, 0, 1);
        ctx->is_superuser = postgres_bool(found, 0, 2);
    }
    return OK;
}

static enum err ready(struct reading *self)
{
    return migrations_are_current(((struct postgres_reading *)self)->db);
}

static const char *trouble(const struct reading *self)
{
    return postgres_trouble(((const struct postgres_reading *)self)->db);
}

static bool has_timed_out(const struct reading *self)
{
    return postgres_has_timed_out(((const struct postgres_reading *)self)->db);
}

static const struct reading_ops ops = {
    .identify = identify,
    .ready = ready,
    .trouble = trouble,
    .has_timed_out = has_timed_out,
};

struct reading *postgres_reading_new(struct postgres *db)
{
    struct postgres_reading *reading = memory_new(1, sizeof(*reading));
    reading->base.ops = &ops;
    reading->db = db;
    return &reading->base;
}

void postgres_reading_free(struct reading *reading)
{
    free(reading);
}
