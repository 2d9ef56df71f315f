/* The Cookie header. */

#include "common/http/cookie.h"

#include <string.h>

#include "common/http/characters.h"

static void set_value(const char *value, const char *end, const char **ret_value, size_t *ret_size)
{
    while (end > value && is_http_space(end[-1])) {
        end--;
    }
    if (end - value >= 2 && value[0] == '"' && end[-1] == '"') {
        value++;
        end--;
    }
    *ret_value = value;
    *ret_size = (size_t)(end - value);
}

bool cookie_find(const char *header, const char *name, const char **ret_value, size_t *ret_size)
{
    size_t name_size = strlen(name);
    const char *pair = header;
    while (pair != NULL) {
        pair = http_skip_spaces(pair);
        const char *end = strchr(pair, ';');
        const char *pair_end = end == NULL ? pair + strlen(pair) : end;
        if ((size_t)(pair_end - pair) > name_size && memcmp(pair, name, name_size) == 0 &&
            pair[name_size] == '=') {
            set_value(pair + name_size + 1, pair_end, ret_value, ret_size);
            return true;
        }
        pair = end == NULL ? NULL : end + 1;
    }
    return false;
}
