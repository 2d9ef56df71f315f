/* Accept-Language: ranges with weights (RFC 9110, 12.4.2 and 12.5.4). */

#include "common/language/language.h"

#include <string.h>

enum { WEIGHT_MAX = 1000, TAG_SIZE_MAX = 35 };

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_spaces(const char *text)
{
    while (is_space(*text)) {
        text++;
    }
    return text;
}

/* A weight such as `0.8`, in thousandths; false: it is none. `ret_end` is set behind it. */
static bool read_weight(const char *text, int *ret, const char **ret_end)
{
    if (*text != '0' && *text != '1') {
        return false;
    }
    int weight = (*text++ - '0') * WEIGHT_MAX;
    if (*text == '.') {
        text++;
        for (int worth = WEIGHT_MAX / 10; is_digit(*text) && worth > 0; worth /= 10) {
            weight += (*text++ - '0') * worth;
        }
    }
    *ret = weight;
    *ret_end = text;
    return weight <= WEIGHT_MAX;
}

/* What is behind a tag: nothing, or `;q=0.8`. False: something else. */
static bool read_parameters(const char *text, int *ret_weight)
{
    *ret_weight = WEIGHT_MAX;
    text = skip_spaces(text);
    if (*text == ';') {
        text = skip_spaces(text + 1);
        if ((*text != 'q' && *text != 'Q') || text[1] != '=' ||
            !read_weight(text + 2, ret_weight, &text)) {
            return false;
        }
        text = skip_spaces(text);
    }
    return *text == '\0' || *text == ',';
}

/* A tag of ours. `*` means any: then the first of ours will do. */
static bool read_tag(const char *text, size_t size, enum language *ret)
{
    char tag[TAG_SIZE_MAX + 1];
    if (size == 1 && *text == '*') {
        *ret = LANGUAGE_EN;
        return true;
    }
    if (size > TAG_SIZE_MAX) {
        return false;
    }
    memcpy(tag, text, size);
    tag[size] = '\0';
    return language_from_tag(tag, ret);
}

enum language language_choose(const char *accept_language)
{
    enum language chosen = LANGUAGE_EN;
    int best = 0;
    const char *text = accept_language == NULL ? "" : accept_language;
    while (*text != '\0') {
        text = skip_spaces(text);
        size_t size = strcspn(text, " \t;,");
        enum language language;
        int weight;
        if (read_tag(text, size, &language) && read_parameters(text + size, &weight) &&
            weight > best) {
            chosen = language;
            best = weight;
        }
        text += strcspn(text, ",");
        text += *text == ',' ? 1 : 0;
    }
    return chosen;
}
