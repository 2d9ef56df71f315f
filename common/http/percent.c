/* Percent-encoding. */

#include "common/http/percent.h"

#include <string.h>

#include "common/http/characters.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

bool percent_decode(const char *text, size_t size, enum percent_rule rule, struct arena *arena,
                    const char **ret, size_t *ret_size)
{
    char *decoded = arena_alloc_raw(arena, size + 1);
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '+' && rule == PERCENT_FORM) {
            decoded[length++] = ' ';
            continue;
        }
        if (text[i] != '%') {
            decoded[length++] = text[i];
            continue;
        }
        int high = size - i > 2 ? hex_value(text[i + 1]) : -1;
        int low = size - i > 2 ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return false;
        }
        decoded[length++] = (char)(high * 16 + low);
        i += 2;
    }
    decoded[length] = '\0';
    *ret = decoded;
    *ret_size = length;
    return true;
}

void percent_encode(const char *text, size_t size, struct buffer *buffer)
{
    static const char digits[] = "0123456789ABCDEF";
    char *place = buffer_reserve(buffer, 3 * size);
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (is_http_alphanumeric(text[i]) || (byte != '\0' && strchr("-._~", byte) != NULL)) {
            place[length++] = text[i];
            continue;
        }
        place[length++] = '%';
        place[length++] = digits[byte >> 4];
        place[length++] = digits[byte & 15];
    }
    place[length] = '\0';
    buffer->size += length;
}
