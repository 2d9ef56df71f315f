/* Rule: who gets an e-mail. */
#pragma once

#include "ctx.h"
#include "ports.h"

/* The user who is written to; texts are ctx. ERR_NOT_FOUND, with the reason, when there is none. */
MUST_CHECK enum err recipient_find(struct ctx *ctx, int64_t user_id, struct account *ret);
