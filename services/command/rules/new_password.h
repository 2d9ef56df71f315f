/* Rule: what a password may be, and what a new one ends. */
#pragma once

#include "ctx.h"

/* A new password and the same once more, each under the name of its field. ERR_INVALID_INPUT: they
 * differ, or it is one that everybody uses. */
MUST_CHECK enum err new_password_check(struct ctx *ctx, const char *field1, const char *password1,
                                       const char *field2, const char *password2);

/* Give a user a checked password. All sessions of the user end. ERR_NOT_FOUND. */
MUST_CHECK enum err new_password_set(struct ctx *ctx, int64_t user_id, const char *password);
