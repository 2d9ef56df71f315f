/* Password hashing by Argon2id. */

#include "services/command/adapters/argon2_password_hasher.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"

enum { PASSES = 2, MEMORY_SIZE = 19 * 1024 * 1024 };

/* The hash of a password that nobody knows, with the parameters above: checking it takes as long.
 */
static const char nobodys_hash[] = "$argon2id$v=19$m=19456,t=2,p=1$nMB9MgaXXL8JTJItlymhJQ"
                                   "$YlG/DzT1OAm4ENWuEEVLxnH5bpsi/7B9B3rXnOcloQ8";

static enum err argon2_hash(UNUSED struct password_hasher *self, struct ctx *ctx,
                            const char *password, const char **ret_hash)
{
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(hash, password, strlen(password), PASSES, MEMORY_SIZE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return ctx_fail(ctx, ERR_UNAVAILABLE, "There is no memory to hash a password");
    }

    *ret_hash = arena_strdup(ctx->arena, hash);
    return OK;
}

static bool argon2_is_right(UNUSED struct password_hasher *self, const char *hash,
                            const char *password)
{
    const char *checked = hash == NULL ? nobodys_hash : hash;
    bool is_right = crypto_pwhash_str_verify(checked, password, strlen(password)) == 0;
    return is_right && hash != NULL;
}

static const struct password_hasher_ops argon2_ops = {
    .hash = argon2_hash,
    .is_right = argon2_is_right,
};

enum err argon2_password_hasher_open(struct password_hasher **ret)
{
    if (sodium_init() < 0) { /* it chooses the fastest code for this processor, too */
        return ERR_INTERNAL;
    }
    struct password_hasher *hasher = memory_new(1, sizeof(*hasher));

    hasher->ops = &argon2_ops;
    *ret = hasher;
    return OK;
}

void argon2_password_hasher_free(struct password_hasher *hasher)
{
    free(hasher);
}
