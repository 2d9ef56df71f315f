/* admin.change_post: the staff changes any post. */

#include "contracts/admin_change_post.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/managed_post.h"

enum err admin_change_post_handle(struct ctx *ctx, const struct admin_change_post_command *command,
                                  struct admin_change_post_result *result)
{
    TRY(ctx_require_staff(ctx));
    struct post before;
    TRY(managed_post_lock(ctx, command->post_id, &before));

    const struct post_changes changes = {
        .title = command->title,
        .content = command->content,
        .status = command->status,
        .author_id = command->has_author_id ? command->author_id : 0,
    };
    bool is_changed;
    return managed_post_change(ctx, &before, &changes, &result->post, &is_changed);
}
