/* Rule: a post is changed by its author only. */

#include "rules/own_post.h"

#include "ports.h"

enum err own_post_find(struct ctx *ctx, int64_t post_id, struct post *ret)
{
    struct post post;
    enum err err = post_store_find(ctx->ports->posts, ctx, post_id, &post);
    if (err == ERR_NOT_FOUND) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such post");
    }
    TRY(err);

    if (post.author.id != ctx->user_id) {
        return ctx_fail(ctx, ERR_ACCESS_DENIED, "Only its author may change a post");
    }
    *ret = post;
    return OK;
}
