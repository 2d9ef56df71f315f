/* Idempotency-Key: a bare key or a quoted one. */

#include "common/http/idempotency_key.h"

#include <string.h>

static bool is_printable(char c)
{
    return c >= ' ' && c <= '~';
}

/* What is between the quotes, without its backslashes; nothing may come after. */
static bool unquote(const char *text, char ret[IDEMPOTENCY_KEY_SIZE])
{
    size_t size = 0;
    for (; *text != '"'; text++) {
        if (*text == '\\' && *++text != '"' && *text != '\\') {
            return false;
        }
        if (!is_printable(*text) || size == IDEMPOTENCY_KEY_MAX) {
            return false;
        }
        ret[size++] = *text;
    }
    ret[size] = '\0';
    return size > 0 && text[1] == '\0';
}

bool idempotency_key_parse(const char *header, char ret[IDEMPOTENCY_KEY_SIZE])
{
    if (*header == '"') {
        return unquote(header + 1, ret);
    }
    size_t size = 0;
    while (is_printable(header[size])) {
        size++;
    }
    if (header[size] != '\0' || size == 0 || size > IDEMPOTENCY_KEY_MAX) {
        return false;
    }
    memcpy(ret, header, size + 1);
    return true;
}
