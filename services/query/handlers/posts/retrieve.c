/* posts.retrieve: a published post, or the caller's own draft. */

#include "contracts/posts_retrieve.h" /* generated: query, result, prototype */

#include "ctx.h"
#include "ports.h"

static bool may_read(const struct ctx *ctx, const struct posts_retrieve_query *query,
                     const struct post *post)
{
    bool is_own = post->author.id == ctx->user_id;
    bool is_open = post->status == POST_STATUS_PUBLISHED && !query->only_owner;
    return is_own || is_open;
}

enum err posts_retrieve_handle(struct ctx *ctx, const struct posts_retrieve_query *query,
                               struct posts_retrieve_result *result)
{
    if (query->only_owner) {
        TRY(ctx_require_user(ctx));
    }

    struct post post;
    enum err err = post_reader_find(ctx->ports->posts, ctx, query->post_id, &post);
    if (err == ERR_NOT_FOUND || (err == OK && !may_read(ctx, query, &post))) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such post");
    }
    TRY(err);

    result->post = post;
    return OK;
}
