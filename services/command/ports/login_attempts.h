/*
 * Failed attempts to log in, counted for the account that was named (as typed, in any case of
 * letters; whether it exists does not matter) and for the network that ctx->client_address is in.
 * What is counted drains away with time. Works inside the transaction of the message at work;
 * adapter: adapters/postgres_login_attempts.h; tests: tests/fakes/fake_login_attempts.h. Every
 * function may fail with ERR_UNAVAILABLE or ERR_INTERNAL.
 */
#pragma once

#include "ctx.h"

struct login_attempts;

/* By what they are counted. */
enum attempts_of {
    ATTEMPTS_OF_PAIR,    /* the account, from this network */
    ATTEMPTS_OF_ACCOUNT, /* the account, from anywhere */
    ATTEMPTS_OF_NETWORK, /* any account, from this network; never any without an address */
    ATTEMPTS_OF_COUNT
};

struct attempts {
    int64_t level;  /* thousandths of a failure, as of the latest; 0: none */
    int64_t age_ms; /* how long ago the latest was */
};

/* How what is counted drains away. */
struct attempts_drain {
    int64_t interval_ms; /* in which one failure is forgotten */
    int64_t level_max;   /* thousandths; it never counts more */
};

struct login_attempts_ops {
    enum err (*find)(struct login_attempts *self, struct ctx *ctx, const char *account,
                     struct attempts ret[ATTEMPTS_OF_COUNT]);
    enum err (*add)(struct login_attempts *self, struct ctx *ctx, const char *account,
                    const struct attempts_drain drains[ATTEMPTS_OF_COUNT]);
    enum err (*forget)(struct login_attempts *self, struct ctx *ctx, const char *account);
};

struct login_attempts { /* implementations embed this first */
    const struct login_attempts_ops *ops;
};

/* What has been counted so far. */
MUST_CHECK static inline enum err login_attempts_find(struct login_attempts *self, struct ctx *ctx,
                                                      const char *account,
                                                      struct attempts ret[ATTEMPTS_OF_COUNT])
{
    return self->ops->find(self, ctx, account, ret);
}

/* One more has failed now. */
MUST_CHECK static inline enum err
login_attempts_add(struct login_attempts *self, struct ctx *ctx, const char *account,
                   const struct attempts_drain drains[ATTEMPTS_OF_COUNT])
{
    return self->ops->add(self, ctx, account, drains);
}

/* Forget those of the pair. */
MUST_CHECK static inline enum err login_attempts_forget(struct login_attempts *self,
                                                        struct ctx *ctx, const char *account)
{
    return self->ops->forget(self, ctx, account);
}
