/*
 * The audit log of what the staff changes. Works inside the transaction of the message at work, so
 * that a change and its entry stand or fall together; adapter: adapters/postgres_audit_log.h;
 * tests: tests/fakes/fake_audit_log.h. Every function may fail with ERR_UNAVAILABLE (passing
 * trouble) or ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct audit_log;

/* What was changed, of which object. */
struct audit_entry {
    enum changed_object object;
    int64_t object_id;
    const char *label;            /* the user's e-mail address or the post's title */
    struct field_changes changed; /* without secrets */
};

struct audit_log_ops {
    enum err (*write)(struct audit_log *self, struct ctx *ctx, const struct audit_entry *entry);
};

struct audit_log { /* implementations embed this first */
    const struct audit_log_ops *ops;
};

/* Write down that the caller has changed this, now, by the message at work. `entry` is borrowed.
 * ERR_UNAVAILABLE when the caller is gone: tried again, the message finds nobody signed in. */
MUST_CHECK static inline enum err audit_log_write(struct audit_log *self, struct ctx *ctx,
                                                  const struct audit_entry *entry)
{
    return self->ops->write(self, ctx, entry);
}
