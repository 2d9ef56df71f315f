/* The audit log in PostgreSQL. */

#include "postgres_audit_log.h"

#include <stdlib.h>

#include "common/contract/contract.h"
#include "common/core/memory.h"

static const struct postgres_statement write_statement = {
    "audit_log_write",
    "INSERT INTO admin_changes (user_id, user_email, message, object, object_id, label, fields)"
    " SELECT id, email, $2, $3, $4, $5, $6::jsonb FROM users WHERE id = $1"};

struct postgres_audit_log {
    struct audit_log base;
    struct postgres *db;
};

static enum err write_entry(struct audit_log *self, struct ctx *ctx,
                            const struct audit_entry *entry)
{
    struct buffer fields;
    buffer_init(&fields, ctx->arena);
    json_encode(&field_changes_object, &entry->changed, &fields);
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, ctx->user_id);
    postgres_add_text(&parameters, ctx->contract->name);
    postgres_add_text(&parameters, changed_object_text(entry->object));
    postgres_add_int64(&parameters, entry->object_id);
    postgres_add_text(&parameters, entry->label);
    postgres_add_text(&parameters, fields.data);
    struct postgres *db = ((struct postgres_audit_log *)self)->db;
    const struct pg_result *written;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db, &write_statement, &parameters, &written)));
    return postgres_ctx_fail(ctx, postgres_affected(written) == 1 ? OK : ERR_UNAVAILABLE);
}

static const struct audit_log_ops ops = {.write = write_entry};

struct audit_log *postgres_audit_log_new(struct postgres *db)
{
    struct postgres_audit_log *log = memory_new(1, sizeof(*log));
    log->base.ops = &ops;
    log->db = db;
    return &log->base;
}

void postgres_audit_log_free(struct audit_log *log)
{
    free(log);
}
