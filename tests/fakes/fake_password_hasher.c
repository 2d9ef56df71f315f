/* A password hasher for tests. */

#include "tests/fakes/fake_password_hasher.h"

#include <string.h>

static const char prefix[] = "hash of ";

static enum err fake_hash(struct password_hasher *base, struct ctx *ctx, const char *password,
                          const char **ret_hash)
{
    struct fake_password_hasher *self = (struct fake_password_hasher *)base;
    TRY(self->fails_with);

    self->hash_count++;
    *ret_hash = arena_printf(ctx->arena, "%s%s", prefix, password);
    return OK;
}

static enum err fake_check(struct password_hasher *base, struct ctx *ctx, const char *hash,
                           const char *password, bool *ret_is_right)
{
    struct fake_password_hasher *self = (struct fake_password_hasher *)base;
    self->check_count++;
    if (self->check_fails_with != OK) {
        return ctx_fail(ctx, self->check_fails_with, "told to fail");
    }

    *ret_is_right = hash != NULL && strncmp(hash, prefix, strlen(prefix)) == 0 &&
                    strcmp(hash + strlen(prefix), password) == 0;
    return OK;
}

static const struct password_hasher_ops fake_ops = {
    .hash = fake_hash,
    .check = fake_check,
};

void fake_password_hasher_init(struct fake_password_hasher *ret)
{
    *ret = (struct fake_password_hasher){.base.ops = &fake_ops};
}
