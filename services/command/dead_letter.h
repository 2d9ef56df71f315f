/* Making a dead letter of a message that is handled no more: what may be kept of it, and nothing
 * secret. */
#pragma once

#include "common/service/executor.h"
#include "unit.h"

/* All of `ret` is ctx or static. ctx->problem says why. */
void dead_letter_make(const struct work *work, struct ctx *ctx, struct dead_letter *ret);
