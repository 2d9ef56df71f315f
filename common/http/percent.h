/* Percent-encoding (RFC 3986, section 2.1), and the form variety of it where `+` is a space. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/core/arena.h"
#include "common/core/attributes.h"
#include "common/core/buffer.h"

enum percent_rule { PERCENT_PATH, PERCENT_FORM };

/*
 * Decode `size` bytes at `text` into `ret` (NUL-terminated, may hold other NULs; ctx). False when a
 * `%` is not followed by two hexadecimal digits.
 */
MUST_CHECK bool percent_decode(const char *text, size_t size, enum percent_rule rule,
                               struct arena *arena, const char **ret, size_t *ret_size);

/* Append the text with all but the unreserved characters encoded: fit for a path segment or a query
 * value. */
void percent_encode(const char *text, size_t size, struct buffer *buffer);
