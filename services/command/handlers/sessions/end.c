/* sessions.end: a user ends one of the own sessions. */

#include "contracts/sessions_end.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err sessions_end_handle(struct ctx *ctx, const struct sessions_end_command *command,
                             UNUSED struct sessions_end_result *result)
{
    TRY(ctx_require_user(ctx));

    enum err err =
        session_store_end_one(ctx->ports->sessions, ctx, ctx->user_id, command->session_id);
    if (err == ERR_NOT_FOUND) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such session");
    }
    return err;
}
