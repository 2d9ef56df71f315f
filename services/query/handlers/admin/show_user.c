/* admin.show_user: the staff sees a user. */

#include "contracts/admin_show_user.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err admin_show_user_handle(struct ctx *ctx, const struct admin_show_user_query *query,
                                struct admin_show_user_result *result)
{
    TRY(ctx_require_staff(ctx));

    enum err err = user_reader_find_any(ctx->ports->users, ctx, query->user_id, &result->user);
    if (err == ERR_NOT_FOUND) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such user");
    }
    TRY(err);
    return post_reader_count(ctx->ports->posts, ctx, query->user_id, &result->posts);
}
