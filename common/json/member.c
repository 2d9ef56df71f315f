/* Finding a member of our own replies without decoding them. */

#include "common/json/json.h"

#include <string.h>

/* `cursor` is behind a quote; returns the place behind the closing one, NULL when there is none */
static const char *pass_string(const char *cursor, const char *end)
{
    while (cursor < end) {
        const char *quote = memchr(cursor, '"', (size_t)(end - cursor));
        if (quote == NULL) {
            return NULL;
        }
        size_t backslashes = 0;
        while (quote - backslashes > cursor && quote[-1 - (ptrdiff_t)backslashes] == '\\') {
            backslashes++;
        }
        if (backslashes % 2 == 0) {
            return quote + 1;
        }
        cursor = quote + 1;
    }
    return NULL;
}

/* behind the value at `cursor`: at the comma or bracket that follows it; NULL when there is none */
static const char *pass_value(const char *cursor, const char *end)
{
    size_t depth = 0;
    while (cursor != NULL && cursor < end) {
        switch (*cursor) {
        case '"':
            cursor = pass_string(cursor + 1, end);
            continue;
        case '{':
        case '[':
            depth++;
            break;
        case '}':
        case ']':
            if (depth == 0) {
                return cursor;
            }
            depth--;
            break;
        case ',':
            if (depth == 0) {
                return cursor;
            }
            break;
        default:
            break;
        }
        cursor++;
    }
    return NULL;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static const char *pass_space(const char *cursor, const char *end)
{
    while (cursor < end && is_space(*cursor)) {
        cursor++;
    }
    return cursor;
}

/* the next character after white space, if it is `c`: the place behind it; else NULL */
static const char *pass_char(const char *cursor, const char *end, char c)
{
    cursor = pass_space(cursor, end);
    return cursor < end && *cursor == c ? cursor + 1 : NULL;
}

bool json_find_member(const char *data, size_t size, const char *name, struct json_slice *ret)
{
    const char *end = data + size;
    size_t name_size = strlen(name);
    const char *cursor = pass_char(data, end, '{');
    while (cursor != NULL) {
        const char *key = pass_char(cursor, end, '"');
        const char *key_end = key == NULL ? NULL : pass_string(key, end);
        const char *value = key_end == NULL ? NULL : pass_char(key_end, end, ':');
        if (value == NULL) {
            return false;
        }
        value = pass_space(value, end);
        const char *value_end = pass_value(value, end);
        if (value_end == NULL) {
            return false;
        }
        if ((size_t)(key_end - 1 - key) == name_size && memcmp(key, name, name_size) == 0) {
            const char *last = value_end;
            while (last > value && is_space(last[-1])) {
                last--;
            }
            *ret = (struct json_slice){.data = value, .size = (size_t)(last - value)};
            return true;
        }
        cursor = *value_end == ',' ? value_end + 1 : NULL;
    }
    return false;
}
