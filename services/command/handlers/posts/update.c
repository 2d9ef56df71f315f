/* posts.update: the author changes a post. */

#include "contracts/posts_update.h" /* generated: command, result, prototype */

#include "contracts/posts_updated.h"
#include "ctx.h"
#include "ports.h"
#include "rules/own_post.h"

enum err posts_update_handle(struct ctx *ctx, const struct posts_update_command *command,
                             struct posts_update_result *result)
{
    TRY(ctx_require_user(ctx));
    struct post post;
    TRY(own_post_find(ctx, command->post_id, &post));

    struct post_changes changes = {
        .title = command->title,
        .content = command->content,
        .status = command->status,
    };
    TRY(post_store_update(ctx->ports->posts, ctx, post.id, &changes, &result->post));

    posts_updated_publish(ctx, &(struct posts_updated_event){.post = result->post});
    return OK;
}
