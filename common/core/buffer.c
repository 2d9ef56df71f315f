/* Growable bytes in an arena. */

#include "common/core/buffer.h"

#include <stdarg.h>
#include <string.h>

void buffer_init(struct buffer *buffer, struct arena *arena)
{
    *buffer = (struct buffer){.arena = arena};
}

char *buffer_reserve(struct buffer *buffer, size_t size)
{
    size_t needed = buffer->size + size + 1;
    if (needed > buffer->capacity) {
        size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity * 2;
        if (capacity < needed) {
            capacity = needed;
        }
        /* all of the old room is handed over: arena_grow extends in place when it can */
        buffer->data = arena_grow(buffer->arena, buffer->data, buffer->capacity, capacity);
        buffer->capacity = capacity;
    }
    return buffer->data + buffer->size;
}

void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
    char *place = buffer_reserve(buffer, size);
    if (size > 0) {
        memcpy(place, data, size);
    }
    place[size] = '\0';
    buffer->size += size;
}

void buffer_append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_append_char(struct buffer *buffer, char c)
{
    buffer_append(buffer, &c, 1);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_vprintf(buffer->arena, format, arguments);
    va_end(arguments);
    buffer_append_text(buffer, text);
}
