/* Rule: every change by the staff is written to the audit log, with what was and what is. */

#include "rules/audit.h"

#include <string.h>

static void add(struct audit *audit, const char *field, const char *old, const char *new)
{
    if (audit->count < AUDIT_FIELDS_MAX) {
        audit->fields[audit->count++] = (struct field_change){field, old, new};
    }
}

void audit_text(struct audit *audit, const char *field, const char *old, const char *new)
{
    bool is_same = old == NULL || new == NULL ? old == new : strcmp(old, new) == 0;
    if (!is_same) {
        add(audit, field, old, new);
    }
}

void audit_flag(struct audit *audit, const char *field, bool old, bool new)
{
    if (old != new) {
        add(audit, field, old ? "true" : "false", new ? "true" : "false");
    }
}

void audit_secret(struct audit *audit, const char *field)
{
    add(audit, field, NULL, NULL);
}

enum err audit_write(struct ctx *ctx, const struct audit *audit, enum changed_object object,
                     int64_t object_id, const char *label)
{
    const struct audit_entry entry = {
        .object = object,
        .object_id = object_id,
        .label = label,
        .changed = {(struct field_change *)audit->fields, audit->count},
    };
    return audit_log_write(ctx->ports->audit, ctx, &entry);
}
