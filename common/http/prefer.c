/* Prefer: a list of preferences with values and parameters; the parameters do not matter here. */

#include "common/http/prefer.h"

#include <string.h>
#include <strings.h>

#include "common/http/characters.h"

/* One preference of the list. */
struct preference {
    const char *name;
    size_t name_size;
    const char *value; /* behind the "=", with its quotes; at the end of the name: none */
};

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

/* Read the next one and step over it; false: the list is at its end. */
static bool next_preference(const char **text, struct preference *ret)
{
    if (*text == NULL || **text == '\0') {
        return false;
    }
    ret->name = http_skip_spaces(*text);
    const char *end = http_skip_token(ret->name);
    ret->name_size = (size_t)(end - ret->name);
    ret->value = end;
    const char *sign = http_skip_spaces(end);
    if (*sign == '=') {
        ret->value = http_skip_spaces(sign + 1);
    }
    *text = skip_preference(end);
    *text += **text == ',' ? 1 : 0;
    return true;
}

static bool is_named(const struct preference *preference, const char *name)
{
    return preference->name_size == strlen(name) &&
           strncasecmp(preference->name, name, preference->name_size) == 0;
}

/* Digits, quoted or not, up to the end of the value. */
static bool read_seconds(const char *value, int64_t *ret)
{
    bool is_quoted = *value == '"';
    const char *digits = is_quoted ? value + 1 : value;
    const char *end = digits;
    int64_t seconds = 0;
    for (; is_http_digit(*end); end++) {
        seconds = seconds * 10 + (*end - '0');
        seconds = seconds > PREFER_SECONDS_MAX ? PREFER_SECONDS_MAX : seconds;
    }
    if (end == digits || (is_quoted && *end++ != '"')) {
        return false;
    }
    end = http_skip_spaces(end);
    *ret = seconds;
    return *end == '\0' || *end == ',' || *end == ';';
}

bool prefer_has(const char *header, const char *name)
{
    struct preference preference;
    while (next_preference(&header, &preference)) {
        if (is_named(&preference, name)) {
            return true;
        }
    }
    return false;
}

bool prefer_seconds(const char *header, const char *name, int64_t *ret)
{
    struct preference preference;
    int64_t seconds;
    while (next_preference(&header, &preference)) {
        if (is_named(&preference, name) && read_seconds(preference.value, &seconds)) {
            *ret = seconds;
            return true;
        }
    }
    return false;
}
