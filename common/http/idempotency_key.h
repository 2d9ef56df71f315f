/* The Idempotency-Key header: the caller's own name for one request, the same when it is sent
 * again. */
#pragma once

#include <stdbool.h>

enum { IDEMPOTENCY_KEY_MAX = 255, IDEMPOTENCY_KEY_SIZE = IDEMPOTENCY_KEY_MAX + 1 };

/*
 * Read a key of 1 to 255 printable ASCII characters, bare or as a string of RFC 8941,
 * section 3.3.3: `abc` and `"abc"` are the same key. False: it is none, and `ret` is unspecified.
 */
bool idempotency_key_parse(const char *header, char ret[IDEMPOTENCY_KEY_SIZE]);
