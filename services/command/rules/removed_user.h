/* Rule: a user is deleted with all posts and sessions of theirs, for good. The world is told of
 * each post, so there may not be too many of them at once; the audit log keeps the address. */
#pragma once

#include "ctx.h"
#include "ports.h"

enum { REMOVED_POSTS_MAX = 10000 }; /* in one message */

/*
 * Delete the locked account, with its posts; `posts` is how many were deleted by this message so
 * far. ERR_INVALID_INPUT, on the field that names the user: it is the caller, or it would be too
 * many posts.
 */
MUST_CHECK enum err removed_user_remove(struct ctx *ctx, const struct account *account,
                                        const char *field, int64_t *posts);
