/*
 * Password hashing. Slow on purpose (tens of milliseconds): messages that use it run on workers of
 * their own. Adapter: adapters/argon2_password_hasher.h (Argon2id, libsodium); tests:
 * tests/fakes/fake_password_hasher.h.
 */
#pragma once

#include "ctx.h"

struct password_hasher;

struct password_hasher_ops {
    enum err (*hash)(struct password_hasher *self, struct ctx *ctx, const char *password,
                     const char **ret_hash);
    enum err (*check)(struct password_hasher *self, struct ctx *ctx, const char *hash,
                      const char *password, bool *ret_is_right);
};

struct password_hasher { /* implementations embed this first */
    const struct password_hasher_ops *ops;
};

/* Hash a password with a new salt; the text (ctx) says how it was made. ERR_UNAVAILABLE when there
 * is no memory for it. */
MUST_CHECK static inline enum err password_hasher_hash(struct password_hasher *self,
                                                       struct ctx *ctx, const char *password,
                                                       const char **ret_hash)
{
    return self->ops->hash(self, ctx, password, ret_hash);
}

/* Is it the password this hash was made from? Takes the same time for `hash` NULL (nobody's), which
 * is never right. ERR_UNAVAILABLE when there is no memory to find out. */
MUST_CHECK static inline enum err password_hasher_check(struct password_hasher *self,
                                                        struct ctx *ctx, const char *hash,
                                                        const char *password, bool *ret_is_right)
{
    return self->ops->check(self, ctx, hash, password, ret_is_right);
}
