/* Rule: every change by the staff is written to the audit log, with what was and what is. */
#pragma once

#include "ctx.h"
#include "ports.h"

enum { AUDIT_FIELDS_MAX = 8 }; /* more than an object has */

/* What is to be written of one object: begin with {0}. Texts are borrowed until audit_write. */
struct audit {
    struct field_change fields[AUDIT_FIELDS_MAX];
    size_t count;
};

/* Note a field, unless it stays as it is. NULL: there was or is none. */
void audit_text(struct audit *audit, const char *field, const char *old, const char *new);
/* The same of a flag, in words. */
void audit_flag(struct audit *audit, const char *field, bool old, bool new);
/* Note that a secret has changed. */
void audit_secret(struct audit *audit, const char *field);

/* Write what was noted of this object. */
MUST_CHECK enum err audit_write(struct ctx *ctx, const struct audit *audit,
                                enum changed_object object, int64_t object_id, const char *label);
