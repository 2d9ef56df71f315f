/* Password hashing by Argon2id. */

#include "services/command/adapters/argon2_password_hasher.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"

enum { PASSES = 2, MEMORY_SIZE = 19 * 1024 * 1024, SUM_SIZE = 32 };

/* The hash of a password that nobody knows, with the parameters above: checking it takes as long.
 */
static const char nobodys_hash[] = "$argon2id$v=19$m=19456,t=2,p=1$nMB9MgaXXL8JTJItlymhJQ"
                                   "$YlG/DzT1OAm4ENWuEEVLxnH5bpsi/7B9B3rXnOcloQ8";

static enum err fail_for_memory(struct ctx *ctx)
{
    return ctx_fail(ctx, ERR_UNAVAILABLE, "There is no memory to hash a password");
}

static enum err argon2_hash(UNUSED struct password_hasher *self, struct ctx *ctx,
                            const char *password, const char **ret_hash)
{
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str_alg(hash, password, strlen(password), PASSES, MEMORY_SIZE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return fail_for_memory(ctx);
    }

    *ret_hash = arena_strdup(ctx->arena, hash);
    return OK;
}

/* What a hash is made of: $argon2id$v=19$m=KIBIBYTES,t=PASSES,p=1$SALT$SUM (RFC 9106, PHC). */
struct parts {
    unsigned long kibibytes;
    unsigned long passes;
    unsigned char salt[crypto_pwhash_SALTBYTES];
    unsigned char sum[SUM_SIZE];
};

/* Step over `name` and the number behind it; false: they are not there. */
static bool take_number(const char **text, const char *name, unsigned long *ret)
{
    size_t size = strlen(name);
    char *end;
    if (strncmp(*text, name, size) != 0) {
        return false;
    }
    *ret = strtoul(*text + size, &end, 10);
    *text = end;
    return true;
}

/* Step over `name` and so many bytes in base 64 behind it. */
static bool take_bytes(const char **text, const char *name, unsigned char *ret, size_t size)
{
    size_t name_size = strlen(name);
    size_t found = 0;
    return strncmp(*text, name, name_size) == 0 &&
           sodium_base642bin(ret, size, *text + name_size, strlen(*text + name_size), NULL, &found,
                             text, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
           found == size;
}

static bool read_parts(const char *hash, struct parts *ret)
{
    return take_number(&hash, "$argon2id$v=19$m=", &ret->kibibytes) &&
           take_number(&hash, ",t=", &ret->passes) &&
           take_bytes(&hash, ",p=1$", ret->salt, sizeof(ret->salt)) &&
           take_bytes(&hash, "$", ret->sum, sizeof(ret->sum)) && *hash == '\0' &&
           ret->kibibytes >= crypto_pwhash_MEMLIMIT_MIN / 1024 &&
           ret->kibibytes <= crypto_pwhash_MEMLIMIT_MAX / 1024 &&
           ret->passes >= crypto_pwhash_OPSLIMIT_MIN && ret->passes <= crypto_pwhash_OPSLIMIT_MAX;
}

/* Not by crypto_pwhash_str_verify: it takes a lack of memory for a wrong password. */
static enum err argon2_check(UNUSED struct password_hasher *self, struct ctx *ctx, const char *hash,
                             const char *password, bool *ret_is_right)
{
    struct parts parts;
    unsigned char sum[SUM_SIZE];
    *ret_is_right = false;
    if (!read_parts(hash == NULL ? nobodys_hash : hash, &parts)) {
        return OK; /* of what is no hash there is no password */
    }
    if (crypto_pwhash(sum, sizeof(sum), password, strlen(password), parts.salt, parts.passes,
                      parts.kibibytes * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return fail_for_memory(ctx);
    }

    *ret_is_right = hash != NULL && sodium_memcmp(sum, parts.sum, sizeof(sum)) == 0;
    sodium_memzero(sum, sizeof(sum));
    return OK;
}

static const struct password_hasher_ops argon2_ops = {
    .hash = argon2_hash,
    .check = argon2_check,
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
