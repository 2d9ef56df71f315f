/*
 * Rule: whoever tries passwords waits longer and longer, and keeps nobody else waiting
 * (docs/decisions/010-login-throttle.md). Only failures from one's own network make one wait;
 * those from elsewhere, for the same account, leave fewer tries free.
 */
#pragma once

#include "ctx.h"

/* May this account be tried from here now? ERR_TOO_MANY_ATTEMPTS, with the time to wait. */
MUST_CHECK enum err login_throttle_admit(struct ctx *ctx, const char *account);

/* The password was wrong: count that, although the message fails. */
void login_throttle_count(struct ctx *ctx, const char *account);

/* It was right: the failures of this account from here are forgotten. */
MUST_CHECK enum err login_throttle_forget(struct ctx *ctx, const char *account);
