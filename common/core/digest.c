/* SHA-256, HMAC-SHA256 and keyed BLAKE2b by libsodium. */

#include "common/core/digest.h"

#include <sodium.h>
#include <string.h>

void digest_hex(const char *text, size_t size, char ret[DIGEST_HEX_SIZE])
{
    unsigned char digest[DIGEST_SIZE];
    crypto_hash_sha256(digest, (const unsigned char *)text, size);
    digest_to_hex(digest, ret);
}

void digest_to_hex(const unsigned char digest[DIGEST_SIZE], char ret[DIGEST_HEX_SIZE])
{
    sodium_bin2hex(ret, DIGEST_HEX_SIZE, digest, DIGEST_SIZE);
}

bool digest_is_hex(const char *text)
{
    return strlen(text) == DIGEST_HEX_SIZE - 1 &&
           strspn(text, "0123456789abcdef") == DIGEST_HEX_SIZE - 1;
}

void digest_keyed(const char *secret, const char *purpose, const void *first, size_t first_size,
                  const void *second, size_t second_size, unsigned char ret[DIGEST_SIZE])
{
    unsigned char key[crypto_generichash_KEYBYTES];
    unsigned char secret_key[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(secret_key, (const unsigned char *)secret, strlen(secret));
    crypto_generichash(key, sizeof(key), (const unsigned char *)purpose, strlen(purpose),
                       secret_key, sizeof(secret_key));

    crypto_generichash_state state;
    unsigned char size_bytes[8]; /* of the first part: "ab"+"c" is not "a"+"bc" */
    for (int i = 0; i < 8; i++) {
        size_bytes[i] = (unsigned char)((unsigned long long)first_size >> (8 * i));
    }
    crypto_generichash_init(&state, key, sizeof(key), DIGEST_SIZE);
    crypto_generichash_update(&state, size_bytes, sizeof(size_bytes));
    crypto_generichash_update(&state, first, first_size);
    crypto_generichash_update(&state, second, second_size);
    crypto_generichash_final(&state, ret, DIGEST_SIZE);
    sodium_memzero(key, sizeof(key));
    sodium_memzero(secret_key, sizeof(secret_key));
}

void digest_hmac(const char *secret, const char *text, size_t size, unsigned char ret[DIGEST_SIZE])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, size);
    crypto_auth_hmacsha256_final(&state, ret);
    sodium_memzero(&state, sizeof(state));
}
