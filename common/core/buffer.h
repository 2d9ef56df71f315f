/*
 * A growable run of bytes in an arena. `data` is NUL-terminated after every append, so that text
 * may be used as a C string. ctx.
 */
#pragma once

#include <stddef.h>

#include "common/core/arena.h"

struct buffer {
    struct arena *arena;
    char *data;
    size_t size;
    size_t capacity;
};

void buffer_init(struct buffer *buffer, struct arena *arena);
void buffer_append(struct buffer *buffer, const void *data, size_t size);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_char(struct buffer *buffer, char c);
void buffer_printf(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
/* Room for `size` more bytes at the returned place; commit what was written by adding to
 * buffer->size. */
char *buffer_reserve(struct buffer *buffer, size_t size);
