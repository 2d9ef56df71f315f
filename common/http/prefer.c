/* Prefer: a list of preferences with values and parameters, of which only the names matter here. */

#include "common/http/prefer.h"

#include <string.h>
#include <strings.h>

#include "common/http/characters.h"

/* The comma that ends this preference, or the end of the text; commas in quoted strings do not
 * count. */
static const char *skip_preference(const char *text)
{
    bool is_quoted = false;
    for (; *text != '\0' && (is_quoted || *text != ','); text++) {
        if (is_quoted && *text == '\\' && text[1] != '\0') {
            text++;
            continue;
        }
        if (*text == '"') {
            is_quoted = !is_quoted;
        }
    }
    return text;
}

bool prefer_has(const char *header, const char *name)
{
    size_t name_size = strlen(name);
    const char *text = header;
    while (text != NULL && *text != '\0') {
        text = http_skip_spaces(text);
        const char *end = http_skip_token(text);
        if ((size_t)(end - text) == name_size && strncasecmp(text, name, name_size) == 0) {
            return true;
        }
        text = skip_preference(end);
        text = *text == ',' ? text + 1 : text;
    }
    return false;
}
