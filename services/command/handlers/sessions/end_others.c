/* sessions.end_others: a user ends all sessions but the one that asks. */

#include "contracts/sessions_end_others.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err sessions_end_others_handle(struct ctx *ctx,
                                    UNUSED const struct sessions_end_others_command *command,
                                    UNUSED struct sessions_end_others_result *result)
{
    TRY(ctx_require_user(ctx));

    return session_store_end_others(ctx->ports->sessions, ctx, ctx->user_id, ctx->session);
}
