/* users.set_language: a user chooses the language of e-mails. */

#include "contracts/users_set_language.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err users_set_language_handle(struct ctx *ctx,
                                   const struct users_set_language_command *command,
                                   UNUSED struct users_set_language_result *result)
{
    TRY(ctx_require_user(ctx));

    enum err err = user_store_set_language(ctx->ports->users, ctx, ctx->user_id, command->language);
    if (err == ERR_NOT_FOUND) { /* deleted a moment ago */
        ctx->user_id = NOBODY;
        return ctx_require_user(ctx);
    }
    return err;
}
