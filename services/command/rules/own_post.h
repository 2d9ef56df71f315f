/* Rule: a post is changed by its author only. */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

/*
 * The post of this id, locked until the transaction ends; texts are ctx. ERR_NOT_FOUND when there
 * is none, ERR_ACCESS_DENIED when the caller is not its author, in that order.
 */
MUST_CHECK enum err own_post_find(struct ctx *ctx, int64_t post_id, struct post *ret);
