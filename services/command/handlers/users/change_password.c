/* users.change_password: a user who knows the old password gets a new one, and new sessions. */

#include "contracts/users_change_password.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/login_throttle.h"
#include "rules/new_password.h"
#include "rules/new_session.h"

/* Locked: of two changes at the same moment the second finds the password of the first. */
static enum err find_caller(struct ctx *ctx, struct account *ret)
{
    enum err err = user_store_lock(ctx->ports->users, ctx, ctx->user_id, ret);
    if (err == ERR_NOT_FOUND) { /* deleted a moment ago */
        ctx->user_id = NOBODY;
        return ctx_require_user(ctx);
    }
    return err;
}

static enum err check(struct ctx *ctx, const struct users_change_password_command *command,
                      const struct account *account)
{
    TRY(new_password_check(ctx, "new_password1", command->new_password1, "new_password2",
                           command->new_password2));
    TRY(login_throttle_admit(ctx, account->email));

    bool is_right;
    TRY(password_hasher_check(ctx->ports->passwords, ctx, account->password_hash,
                              command->old_password, &is_right));
    if (!is_right) {
        login_throttle_count(ctx, account->email);
        return ctx_invalid(ctx, "old_password", "This is not your password");
    }
    return OK;
}

enum err users_change_password_handle(struct ctx *ctx,
                                      const struct users_change_password_command *command,
                                      struct users_change_password_result *result)
{
    TRY(ctx_require_user(ctx));

    struct account account;
    TRY(find_caller(ctx, &account));
    TRY(check(ctx, command, &account));

    TRY(login_throttle_forget(ctx, account.email));
    TRY(new_password_set(ctx, account.id, command->new_password1));
    TRY(new_session_start(ctx, account.id));
    result->user = (struct user){account.id, account.email, account.is_staff};
    return OK;
}
