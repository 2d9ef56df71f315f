/*
 * An arena: memory that is given back all at once. Each message has one; handlers, codecs and
 * adapters allocate from it and nobody frees. One thread at a time.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "common/core/attributes.h"

struct arena;
struct chunk; /* of its memory */

/* A new arena; owned. */
struct arena *arena_new(void);
void arena_free(struct arena *arena);
static inline void arena_cleanup(struct arena **arena)
{
    arena_free(*arena);
}

/* Forget everything allocated; keeps the first chunk, so that a steady flow of messages calls
 * malloc no more. */
void arena_reset(struct arena *arena);

/* A place in an arena. */
struct arena_mark {
    struct chunk *chunk;
    size_t used;
};
/* Where it stands now, and back to there: what was allocated meanwhile is forgotten. */
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* Zeroed memory for any type; ctx. */
void *arena_alloc(struct arena *arena, size_t size);
/* Memory aligned for any type, not zeroed; ctx. */
void *arena_alloc_raw(struct arena *arena, size_t size);
/* Room for `new_size` bytes that begin with the `old_size` bytes at `memory`; grows in place when
 * it was the last one. */
void *arena_grow(struct arena *arena, void *memory, size_t old_size, size_t new_size);
char *arena_copy(struct arena *arena, const void *data, size_t size); /* NUL is added */
char *arena_strdup(struct arena *arena, const char *text);            /* NULL stays NULL */
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments) PRINTF_LIKE(2, 0);
