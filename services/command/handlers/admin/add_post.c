/* admin.add_post: the staff adds a post in the name of its author. */

#include "contracts/admin_add_post.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/managed_post.h"

enum err admin_add_post_handle(struct ctx *ctx, const struct admin_add_post_command *command,
                               struct admin_add_post_result *result)
{
    TRY(ctx_require_staff(ctx));
    struct account author;
    TRY(managed_post_check_author(ctx, command->author_id, &author));

    result->post = (struct post){
        .title = command->title,
        .content = command->content,
        .status = command->status,
        .author.id = author.id,
    };
    TRY(post_store_insert(ctx->ports->posts, ctx, &result->post));
    return managed_post_added(ctx, &result->post);
}
