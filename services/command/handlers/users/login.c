/* users.login: a user signs in. Nobody learns from the answer, or from its time, why it failed. */

#include "contracts/users_login.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/login_throttle.h"
#include "rules/new_session.h"

static enum err refuse(struct ctx *ctx)
{
    return ctx_fail(ctx, ERR_AUTHENTICATION_FAILED, "Invalid username or password");
}

enum err users_login_handle(struct ctx *ctx, const struct users_login_command *command,
                            struct users_login_result *result)
{
    TRY(login_throttle_admit(ctx, command->username));

    struct account account = {.password_hash = NULL}; /* nobody's: checked all the same */
    enum err err = user_store_find_by_email(ctx->ports->users, ctx, command->username, &account);
    if (err != OK && err != ERR_NOT_FOUND) {
        return err;
    }

    bool is_right;
    TRY(password_hasher_check(ctx->ports->passwords, ctx, account.password_hash, command->password,
                              &is_right));
    if (!is_right || !account.is_active) {
        login_throttle_count(ctx, command->username);
        return refuse(ctx);
    }

    err = user_store_set_last_login(ctx->ports->users, ctx, &account);
    if (err == ERR_NOT_FOUND) {
        return refuse(ctx); /* changed this very moment */
    }
    TRY(err);
    TRY(login_throttle_forget(ctx, command->username));
    TRY(new_session_start(ctx, account.id));

    result->user = (struct user){account.id, account.email, account.is_staff};
    return OK;
}
