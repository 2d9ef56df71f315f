/* Rules for what the staff does to posts. */

#include "rules/managed_post.h"

#include "contracts/posts_created.h"
#include "contracts/posts_deleted.h"
#include "contracts/posts_updated.h"
#include "rules/audit.h"

enum err managed_post_lock(struct ctx *ctx, int64_t post_id, struct post *ret)
{
    enum err err = post_store_find(ctx->ports->posts, ctx, post_id, ret);
    if (err == ERR_NOT_FOUND) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "There is no such post");
    }
    return err;
}

enum err managed_post_check_author(struct ctx *ctx, int64_t author_id, struct account *ret)
{
    enum err err = user_store_find(ctx->ports->users, ctx, author_id, ret);
    if (err == ERR_NOT_FOUND) {
        return ctx_invalid(ctx, "author_id", "There is no such user");
    }
    return err;
}

/* What differs between two posts; one of them may be none: {0}. */
static struct audit compare(const struct post *old, const struct post *new)
{
    struct audit audit = {0};
    audit_text(&audit, "title", old->title, new->title);
    audit_text(&audit, "content", old->content, new->content);
    audit_text(&audit, "status", old->status == 0 ? NULL : post_status_text(old->status),
               new->status == 0 ? NULL : post_status_text(new->status));
    audit_text(&audit, "author", old->author.email, new->author.email);
    return audit;
}

enum err managed_post_added(struct ctx *ctx, const struct post *post)
{
    const struct audit audit = compare(&(struct post){0}, post);
    TRY(audit_write(ctx, &audit, CHANGED_OBJECT_POST, post->id, post->title));

    posts_created_publish(ctx, &(struct posts_created_event){.post = *post});
    return OK;
}

/* The post as the changes would have it. */
static enum err apply(struct ctx *ctx, const struct post_changes *changes, struct post *post)
{
    post->title = changes->title == NULL ? post->title : changes->title;
    post->content = changes->content == NULL ? post->content : changes->content;
    post->status = changes->status == 0 ? post->status : changes->status;
    if (changes->author_id == 0 || changes->author_id == post->author.id) {
        return OK;
    }
    struct account author;
    TRY(managed_post_check_author(ctx, changes->author_id, &author));
    post->author = (struct author){author.id, author.email};
    return OK;
}

enum err managed_post_change(struct ctx *ctx, const struct post *before,
                             const struct post_changes *changes, struct post *ret,
                             bool *ret_is_changed)
{
    struct post after = *before;
    TRY(apply(ctx, changes, &after));
    const struct audit audit = compare(before, &after);
    *ret_is_changed = audit.count > 0;
    if (!*ret_is_changed) {
        *ret = *before;
        return OK;
    }

    TRY(post_store_update(ctx->ports->posts, ctx, before->id, changes, ret));
    TRY(audit_write(ctx, &audit, CHANGED_OBJECT_POST, ret->id, ret->title));
    posts_updated_publish(ctx, &(struct posts_updated_event){.post = *ret});
    return OK;
}

enum err managed_post_remove(struct ctx *ctx, const struct post *post)
{
    TRY(post_store_remove(ctx->ports->posts, ctx, post->id));

    const struct audit audit = compare(post, &(struct post){0});
    TRY(audit_write(ctx, &audit, CHANGED_OBJECT_POST, post->id, post->title));
    posts_deleted_publish(
        ctx, &(struct posts_deleted_event){.post_id = post->id, .author_id = post->author.id});
    return OK;
}
