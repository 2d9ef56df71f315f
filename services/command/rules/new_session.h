/* Rule: the session that a message asks for starts in place of the one it came with. */
#pragma once

#include "ctx.h"

/* Start ctx->new_session for this user and end ctx->session; nothing when none is asked for. */
MUST_CHECK enum err new_session_start(struct ctx *ctx, int64_t user_id);
