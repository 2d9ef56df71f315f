/*
 * Cursors of lists: the place of the last one shown (a moment, id), as opaque base64url text with a
 * version and a checksum, so that what is not ours is told from what is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/postgres/postgres.h"

struct postgres_cursor {
    int64_t moment; /* µs since 1970 */
    int64_t id;
};

/* ctx */
const char *postgres_cursor_encode(const struct postgres_cursor *cursor, struct arena *arena);
bool postgres_cursor_decode(const char *text, struct postgres_cursor *ret);

/* Add the place after which a page begins as two parameters, a time and an id; NULL: before all.
 * ERR_INVALID_INPUT on field `cursor` for a text that is not ours. */
MUST_CHECK enum err postgres_cursor_add(const char *text, struct ctx *ctx,
                                        struct postgres_parameters *parameters);
