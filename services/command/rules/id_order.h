/* Rule: what is done to several rows is done in the order of their ids. Each is locked until the
 * transaction ends: two messages about the same rows wait for each other, and not both in vain. */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

/* The same references, the smallest id first; ctx. */
const struct reference *id_order(struct ctx *ctx, const struct reference *references, size_t count);
