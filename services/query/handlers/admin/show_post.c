/* admin.show_post: the staff sees any post. */

#include "contracts/admin_show_post.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

enum err admin_show_post_handle(struct ctx *ctx, const struct admin_show_post_query *query,
                                struct admin_show_post_result *result)
{
    TRY(ctx_require_staff(ctx));

    enum err err = post_reader_find(ctx->ports->posts, ctx, query->post_id, &result->post);
    if (err == ERR_NOT_FOUND) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such post");
    }
    return err;
}
