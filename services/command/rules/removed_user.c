/* Rule: a user is deleted with all posts and sessions of theirs, for good. */

#include "rules/removed_user.h"

#include <inttypes.h>

#include "contracts/posts_deleted.h"
#include "rules/audit.h"

/* One more than may be shows that there are too many. */
static enum err remove_posts(struct ctx *ctx, int64_t author_id, const char *field, int64_t *posts,
                             size_t *ret_count)
{
    size_t room = (size_t)(REMOVED_POSTS_MAX - *posts);
    int64_t *ids;
    TRY(post_store_remove_of(ctx->ports->posts, ctx, author_id, room + 1, &ids, ret_count));
    if (*ret_count > room) {
        return ctx_invalid(ctx, field,
                           "Users with more than %d posts cannot be deleted: delete posts first",
                           (int)REMOVED_POSTS_MAX);
    }
    for (size_t i = 0; i < *ret_count; i++) {
        posts_deleted_publish(
            ctx, &(struct posts_deleted_event){.post_id = ids[i], .author_id = author_id});
    }
    *posts += (int64_t)*ret_count;
    return OK;
}

static enum err write_down(struct ctx *ctx, const struct account *account, size_t post_count)
{
    struct audit audit = {0};
    audit_text(&audit, "email", account->email, NULL);
    audit_flag(&audit, "is_active", account->is_active, false);
    audit_flag(&audit, "is_staff", account->is_staff, false);
    audit_flag(&audit, "is_superuser", account->is_superuser, false);
    const char *posts = post_count == 0 ? NULL : arena_printf(ctx->arena, "%zu", post_count);
    audit_text(&audit, "posts", posts, NULL);
    return audit_write(ctx, &audit, CHANGED_OBJECT_USER, account->id, account->email);
}

enum err removed_user_remove(struct ctx *ctx, const struct account *account, const char *field,
                             int64_t *posts)
{
    if (account->id == ctx->user_id) {
        return ctx_invalid(ctx, field, "You cannot delete yourself");
    }

    size_t post_count;
    TRY(remove_posts(ctx, account->id, field, posts, &post_count));
    TRY(session_store_end_all(ctx->ports->sessions, ctx, account->id));
    TRY(user_store_remove(ctx->ports->users, ctx, account->id));
    return write_down(ctx, account, post_count);
}
