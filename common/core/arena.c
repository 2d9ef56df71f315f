/* Chunked bump allocator. */

#include "common/core/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"

enum { CHUNK_SIZE = 16 * 1024, ALIGNMENT = 16 };

struct chunk {
    struct chunk *next;
    size_t size;
    size_t used;
    _Alignas(ALIGNMENT) unsigned char data[];
};

struct arena {
    struct chunk *first;
    struct chunk *current; /* the last */
};

static struct chunk *chunk_new(size_t size)
{
    struct chunk *chunk = memory_grow(NULL, sizeof(*chunk) + size);
    chunk->next = NULL;
    chunk->size = size;
    chunk->used = 0;
    return chunk;
}

struct arena *arena_new(void)
{
    struct arena *arena = memory_new(1, sizeof(*arena));
    arena->first = chunk_new(CHUNK_SIZE);
    arena->current = arena->first;
    return arena;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){.chunk = arena->current, .used = arena->current->used};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    struct chunk *chunk = mark.chunk->next;
    while (chunk != NULL) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    mark.chunk->next = NULL;
    mark.chunk->used = mark.used;
    arena->current = mark.chunk;
}

void arena_reset(struct arena *arena)
{
    arena_rewind(arena, (struct arena_mark){.chunk = arena->first});
}

void arena_free(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    arena_reset(arena);
    free(arena->first);
    free(arena);
}

static size_t round_up(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

void *arena_alloc_raw(struct arena *arena, size_t size)
{
    assert(size <= SIZE_MAX / 2); /* a length that was computed wrong */
    size = round_up(size == 0 ? 1 : size);
    struct chunk *chunk = arena->current;
    if (chunk->size - chunk->used < size) {
        chunk->next = chunk_new(size > CHUNK_SIZE ? size : CHUNK_SIZE);
        chunk = chunk->next;
        arena->current = chunk;
    }
    void *memory = chunk->data + chunk->used;
    chunk->used += size;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *memory = arena_alloc_raw(arena, size);
    memset(memory, 0, size);
    return memory;
}

void *arena_grow(struct arena *arena, void *memory, size_t old_size, size_t new_size)
{
    struct chunk *chunk = arena->current;
    size_t old_room = round_up(old_size == 0 ? 1 : old_size);
    if (memory != NULL && new_size <= SIZE_MAX / 2 &&
        (unsigned char *)memory + old_room == chunk->data + chunk->used &&
        chunk->size - chunk->used >= round_up(new_size) - old_room) {
        chunk->used += round_up(new_size) - old_room;
        return memory;
    }
    void *bigger = arena_alloc_raw(arena, new_size);
    if (memory != NULL) {
        memcpy(bigger, memory, old_size);
    }
    return bigger;
}

char *arena_copy(struct arena *arena, const void *data, size_t size)
{
    char *copy = arena_alloc_raw(arena, size + 1);
    if (size > 0) {
        memcpy(copy, data, size);
    }
    copy[size] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_copy(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0) {
        return arena_strdup(arena, "");
    }
    char *text = arena_alloc_raw(arena, (size_t)length + 1);
    (void)vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}
