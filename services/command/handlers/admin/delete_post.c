/* admin.delete_post: the staff deletes any post. */

#include "contracts/admin_delete_post.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/managed_post.h"

enum err admin_delete_post_handle(struct ctx *ctx, const struct admin_delete_post_command *command,
                                  UNUSED struct admin_delete_post_result *result)
{
    TRY(ctx_require_staff(ctx));
    struct post post;
    TRY(managed_post_lock(ctx, command->post_id, &post));

    return managed_post_remove(ctx, &post);
}
