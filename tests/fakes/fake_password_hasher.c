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

static bool fake_is_right(struct password_hasher *base, const char *hash, const char *password)
{
    struct fake_password_hasher *self = (struct fake_password_hasher *)base;
    self->check_count++;
    return hash != NULL && strncmp(hash, prefix, strlen(prefix)) == 0 &&
           strcmp(hash + strlen(prefix), password) == 0;
}

static const struct password_hasher_ops fake_ops = {
    .hash = fake_hash,
    .is_right = fake_is_right,
};

void fake_password_hasher_init(struct fake_password_hasher *ret)
{
    *ret = (struct fake_password_hasher){.base.ops = &fake_ops};
}
