/* Rules for what the staff does to posts: whatever their status and author, with the same events as
 * the author's own changes, and written to the audit log. */
#pragma once

#include "ctx.h"
#include "ports.h"

/* The post of this id, locked until the transaction ends; texts are ctx. ERR_NOT_FOUND. */
MUST_CHECK enum err managed_post_lock(struct ctx *ctx, int64_t post_id, struct post *ret);

/* Is there a user of this id, to be an author? ERR_INVALID_INPUT on `author_id`. */
MUST_CHECK enum err managed_post_check_author(struct ctx *ctx, int64_t author_id,
                                              struct account *ret);

/* Write down and tell that there is a new post. */
MUST_CHECK enum err managed_post_added(struct ctx *ctx, const struct post *post);

/* Change the locked post `before`; nothing when it is the same. `ret` is the post as it is then.
 * ERR_INVALID_INPUT on `author_id`. */
MUST_CHECK enum err managed_post_change(struct ctx *ctx, const struct post *before,
                                        const struct post_changes *changes, struct post *ret,
                                        bool *ret_is_changed);

/* Delete the locked post. */
MUST_CHECK enum err managed_post_remove(struct ctx *ctx, const struct post *post);
