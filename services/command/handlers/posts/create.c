/* posts.create: a signed-in user writes a post. */

#include "contracts/posts_create.h" /* generated: command, result, prototype */

#include "contracts/posts_created.h"
#include "ctx.h"
#include "ports.h"

enum err posts_create_handle(struct ctx *ctx, const struct posts_create_command *command,
                             struct posts_create_result *result)
{
    TRY(ctx_require_user(ctx));

    result->post = (struct post){
        .title = command->title,
        .content = command->content,
        .status = command->status,
        .author.id = ctx->user_id,
    };
    TRY(post_store_insert(ctx->ports->posts, ctx, &result->post));

    posts_created_publish(ctx, &(struct posts_created_event){.post = result->post});
    return OK;
}
