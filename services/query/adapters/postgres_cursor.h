/*
 * Cursors of lists: the place of the last post shown (created_at, id), as opaque base64url text
 * with a version and a checksum, so that what is not ours is told from what is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/core/arena.h"

struct postgres_cursor {
    int64_t created_at; /* µs since 1970 */
    int64_t id;
};

/* ctx */
const char *postgres_cursor_encode(const struct postgres_cursor *cursor, struct arena *arena);
bool postgres_cursor_decode(const char *text, struct postgres_cursor *ret);
