/* users.me: who the caller is. */

#include "contracts/users_me.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err users_me_handle(struct ctx *ctx, UNUSED const struct users_me_query *query,
                         struct users_me_result *result)
{
    TRY(ctx_require_user(ctx));

    enum err err = user_reader_find(ctx->ports->users, ctx, ctx->user_id, &result->user);
    if (err == ERR_NOT_FOUND) { /* deleted or deactivated a moment ago */
        ctx->user_id = NOBODY;
        return ctx_require_user(ctx);
    }
    return err;
}
