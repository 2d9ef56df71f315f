/* The audit log in memory. */

#include "tests/fakes/fake_audit_log.h"

#include <string.h>

#include "common/contract/contract.h"
#include "tests/fakes/fake_text.h"

static enum err fake_write(struct audit_log *base, struct ctx *ctx, const struct audit_entry *entry)
{
    struct fake_audit_log *log = (struct fake_audit_log *)base;
    TRY(log->fails_with);
    if (fake_user_store_get(log->users, ctx->user_id) == NULL) {
        return ctx_fail(ctx, ERR_UNAVAILABLE, "the user is gone");
    }
    assert(log->count < FAKE_CHANGES_MAX);
    struct fake_change *kept = &log->changes[log->count++];
    *kept = (struct fake_change){
        .user_id = ctx->user_id,
        .object = entry->object,
        .object_id = entry->object_id,
    };
    struct buffer fields;
    buffer_init(&fields, ctx->arena);
    json_encode(&field_changes_object, &entry->changed, &fields);
    fake_text_copy(kept->fields, sizeof(kept->fields), fields.data);
    fake_text_copy(kept->label, sizeof(kept->label), entry->label);
    fake_text_copy(kept->message, sizeof(kept->message),
                   ctx->contract == NULL ? "" : ctx->contract->name);
    return OK;
}

static const struct audit_log_ops fake_ops = {.write = fake_write};

void fake_audit_log_init(struct fake_audit_log *ret, struct fake_user_store *users)
{
    memset(ret, 0, sizeof(*ret));
    ret->base.ops = &fake_ops;
    ret->users = users;
}
