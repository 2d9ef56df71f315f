/* Rule: several users or posts are worked on in the order of their ids, each once though it is
 * named twice: two messages about the same ones never wait for each other in a circle. */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

/* The ids, each once, in their order; ctx. Returns how many. */
size_t references_distinct(struct ctx *ctx, const struct reference *references, size_t count,
                           int64_t **ret);
