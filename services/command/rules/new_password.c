/* Rule: what a password may be, and what a new one ends. */

#include "rules/new_password.h"

#include <string.h>

#include "ports.h"
#include "rules/common_password.h"

enum err new_password_check(struct ctx *ctx, const char *field1, const char *password1,
                            const char *field2, const char *password2)
{
    enum err err = OK;
    if (common_password_is(password1)) {
        err = ctx_invalid(ctx, field1, "This password is too common");
    }
    if (strcmp(password1, password2) != 0) {
        err = ctx_invalid(ctx, field2, "The two passwords are not the same");
    }
    return err;
}

enum err new_password_set(struct ctx *ctx, int64_t user_id, const char *password)
{
    const char *hash;
    TRY(password_hasher_hash(ctx->ports->passwords, ctx, password, &hash));
    TRY(user_store_set_password(ctx->ports->users, ctx, user_id, hash));
    return session_store_end_all(ctx->ports->sessions, ctx, user_id);
}
