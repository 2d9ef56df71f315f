/* admin.change_posts: the staff publishes, withdraws or deletes several posts. */

#include "contracts/admin_change_posts.h" /* generated: command, result, prototype */

#include "ctx.h"
#include "ports.h"
#include "rules/managed_post.h"
#include "rules/references.h"

static enum err change(struct ctx *ctx, int64_t post_id, enum post_action action,
                       bool *ret_is_changed)
{
    struct post post;
    TRY(managed_post_lock(ctx, post_id, &post));

    if (action == POST_ACTION_DELETE) {
        *ret_is_changed = true;
        return managed_post_remove(ctx, &post);
    }
    const struct post_changes changes = {
        .status = action == POST_ACTION_PUBLISH ? POST_STATUS_PUBLISHED : POST_STATUS_DRAFT,
    };
    return managed_post_change(ctx, &post, &changes, &post, ret_is_changed);
}

enum err admin_change_posts_handle(struct ctx *ctx,
                                   const struct admin_change_posts_command *command,
                                   struct admin_change_posts_result *result)
{
    TRY(ctx_require_staff(ctx));

    int64_t *ids;
    size_t count = references_distinct(ctx, command->posts, command->posts_count, &ids);
    for (size_t i = 0; i < count; i++) {
        bool is_changed = false;
        TRY(change(ctx, ids[i], command->action, &is_changed));
        result->changed += is_changed ? 1 : 0;
    }
    return OK;
}
