/* Rule: whoever tries passwords waits longer and longer, and keeps nobody else waiting. */

#include "rules/login_throttle.h"

#include "ports.h"

enum {
    FAILURE = 1000, /* in levels */
    PAIR_FREE = 10,
    PAIR_FREE_UNDER_ATTACK = 3,
    PAIR_FREE_UNDER_HEAVY_ATTACK = 1,
    ATTACK = 30, /* failures of an account */
    HEAVY_ATTACK = 100,
    NETWORK_FREE = 100,
    PAIR_WAIT_MAX_S = 300,
    NETWORK_WAIT_MAX_S = 60,
    SPAN_MS = 15 * 60 * 1000, /* in which as many as are free drain away */
};

/* Beyond what is free as many are remembered as it takes to reach the longest wait. */
static const struct attempts_drain drains[ATTEMPTS_OF_COUNT] = {
    [ATTEMPTS_OF_PAIR] = {SPAN_MS / PAIR_FREE, (PAIR_FREE + 9) * FAILURE},
    [ATTEMPTS_OF_ACCOUNT] = {SPAN_MS / ATTACK, 3 * HEAVY_ATTACK *FAILURE},
    [ATTEMPTS_OF_NETWORK] = {SPAN_MS / NETWORK_FREE, (NETWORK_FREE + 6) * FAILURE},
};

/* 1, 2, 4, … seconds after each failure from the last of those that are free. */
static int64_t wait_s(const struct attempts *attempts, int64_t free, int64_t longest_s)
{
    int64_t beyond = (attempts->level + FAILURE - 1) / FAILURE - free;
    int64_t wait = beyond < 0 ? 0 : longest_s;
    if (beyond >= 0 && beyond < 16 && (INT64_C(1) << beyond) < longest_s) {
        wait = INT64_C(1) << beyond;
    }
    int64_t left_ms = wait * 1000 - attempts->age_ms;
    return left_ms <= 0 ? 0 : (left_ms + 999) / 1000;
}

/* How many failures are free for this account from here, as far as it is being attacked. */
static int64_t pair_free(const struct attempts *account)
{
    int64_t drained = account->level - account->age_ms * FAILURE * ATTACK / SPAN_MS;
    if (drained >= HEAVY_ATTACK * FAILURE) {
        return PAIR_FREE_UNDER_HEAVY_ATTACK;
    }
    return drained >= ATTACK * FAILURE ? PAIR_FREE_UNDER_ATTACK : PAIR_FREE;
}

enum err login_throttle_admit(struct ctx *ctx, const char *account)
{
    struct attempts found[ATTEMPTS_OF_COUNT];
    TRY(login_attempts_find(ctx->ports->login_attempts, ctx, account, found));

    int64_t of_pair =
        wait_s(&found[ATTEMPTS_OF_PAIR], pair_free(&found[ATTEMPTS_OF_ACCOUNT]), PAIR_WAIT_MAX_S);
    int64_t of_network = wait_s(&found[ATTEMPTS_OF_NETWORK], NETWORK_FREE, NETWORK_WAIT_MAX_S);
    int64_t wait = of_pair > of_network ? of_pair : of_network;
    if (wait == 0) {
        return OK;
    }
    ctx->problem.retry_after_s = wait;
    return ctx_fail(ctx, ERR_TOO_MANY_ATTEMPTS,
                    "There were too many failed attempts: try again later");
}

struct failure {
    struct aftermath base;
    const char *account;
};

static enum err write_failure(struct ctx *ctx, const struct aftermath *base)
{
    const struct failure *failure = (const struct failure *)base;
    return login_attempts_add(ctx->ports->login_attempts, ctx, failure->account, drains);
}

void login_throttle_count(struct ctx *ctx, const char *account)
{
    struct failure *failure = arena_alloc(ctx->arena, sizeof(*failure));
    failure->base.write = write_failure;
    failure->account = account;
    ctx_leave(ctx, &failure->base);
}

enum err login_throttle_forget(struct ctx *ctx, const char *account)
{
    return login_attempts_forget(ctx->ports->login_attempts, ctx, account);
}
