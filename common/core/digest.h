/* Digests and keys (libsodium). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/core/ctx.h"

enum { DIGEST_SIZE = 32 };

/* SHA-256 of a text, lower-case hex: how a session token is known outside the browser. */
void digest_hex(const char *text, size_t size, char ret[DIGEST_HEX_SIZE]);

/* A digest as lower-case hex. */
void digest_to_hex(const unsigned char digest[DIGEST_SIZE], char ret[DIGEST_HEX_SIZE]);

/* Is it 64 lower-case hex digits? */
bool digest_is_hex(const char *text);

/* Keyed digest (BLAKE2b-256) of two parts; the key is derived from `secret` and `purpose`, so that
 * no two uses share one. */
void digest_keyed(const char *secret, const char *purpose, const void *first, size_t first_size,
                  const void *second, size_t second_size, unsigned char ret[DIGEST_SIZE]);

/* HMAC-SHA256 (RFC 2104) of a text under `secret`, a key of any length. */
void digest_hmac(const char *secret, const char *text, size_t size, unsigned char ret[DIGEST_SIZE]);
