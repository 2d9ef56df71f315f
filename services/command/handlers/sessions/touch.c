/* sessions.touch: the session it comes with is in use. */

#include "contracts/sessions_touch.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err sessions_touch_handle(struct ctx *ctx, UNUSED const struct sessions_touch_command *command,
                               UNUSED struct sessions_touch_result *result)
{
    if (ctx->session == NULL) {
        return OK;
    }
    return session_store_touch(ctx->ports->sessions, ctx, ctx->session);
}
