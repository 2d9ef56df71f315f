/*
 * Memory that outlives a message: connections, workers, tables. Whatever a message needs comes from
 * its arena instead. Out of memory aborts here and nowhere else: input sizes are capped before
 * anything is parsed. Given back with free().
 */
#pragma once

#include <stddef.h>

/* Zeroed memory for `count` things of `size` bytes; owned. */
void *memory_new(size_t count, size_t size);
/* As realloc, which gives the new bytes no value. */
void *memory_grow(void *memory, size_t size);
