/* Rule: who gets an e-mail. */

#include "rules/recipient.h"

enum err recipient_find(struct ctx *ctx, int64_t user_id, struct account *ret)
{
    enum err err = user_store_find(ctx->ports->users, ctx, user_id, ret);
    if (err == ERR_NOT_FOUND) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such user");
    }
    return err;
}
