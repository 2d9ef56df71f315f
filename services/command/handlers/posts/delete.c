/* posts.delete: the author deletes a post. */

#include "contracts/posts_delete.h" /* generated: command, result, prototype */

#include "contracts/posts_deleted.h"
#include "ctx.h"
#include "ports.h"
#include "rules/own_post.h"

enum err posts_delete_handle(struct ctx *ctx, const struct posts_delete_command *command,
                             UNUSED struct posts_delete_result *result)
{
    TRY(ctx_require_user(ctx));
    struct post post;
    TRY(own_post_find(ctx, command->post_id, &post));

    TRY(post_store_remove(ctx->ports->posts, ctx, post.id));

    posts_deleted_publish(
        ctx, &(struct posts_deleted_event){.post_id = post.id, .author_id = post.author.id});
    return OK;
}
