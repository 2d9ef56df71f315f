/* users.logout: the session the message came with ends. */

#include "contracts/users_logout.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err users_logout_handle(struct ctx *ctx, UNUSED const struct users_logout_command *command,
                             UNUSED struct users_logout_result *result)
{
    TRY(ctx_require_user(ctx));

    if (ctx->session == NULL) { /* a trusted back end acts for the user */
        return OK;
    }
    return session_store_end(ctx->ports->sessions, ctx, ctx->session);
}
