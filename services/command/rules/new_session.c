/* Rule: the session that a message asks for starts in place of the one it came with. */

#include "rules/new_session.h"

#include "ports.h"

enum err new_session_start(struct ctx *ctx, int64_t user_id)
{
    if (ctx->new_session == NULL) {
        return OK;
    }

    if (ctx->session != NULL) {
        TRY(session_store_end(ctx->ports->sessions, ctx, ctx->session));
    }
    return session_store_start(ctx->ports->sessions, ctx, ctx->new_session, user_id);
}
