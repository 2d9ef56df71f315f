/* Content-Type. */

#include "common/http/media_type.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "common/http/characters.h"

/* The end of the token or quoted string at `text`, or NULL. */
static const char *skip_value(const char *text)
{
    if (*text != '"') {
        const char *end = http_skip_token(text);
        return end == text ? NULL : end;
    }
    for (text++; *text != '"'; text++) {
        if (*text == '\\' && text[1] != '\0') {
            text++;
        }
        if (*text == '\0') {
            return NULL;
        }
    }
    return text + 1;
}

static bool is_utf8(const char *value, size_t size)
{
    if (size >= 2 && value[0] == '"') {
        value++;
        size -= 2;
    }
    return size == strlen("utf-8") && strncasecmp(value, "utf-8", size) == 0;
}

/* `;name=value;name=value` to the end: well-formed, and no charset but UTF-8? */
static bool are_parameters_acceptable(const char *text)
{
    for (;;) {
        text = http_skip_spaces(text);
        if (*text == '\0') {
            return true;
        }
        if (*text != ';') {
            return false;
        }
        const char *name = http_skip_spaces(text + 1);
        const char *name_end = http_skip_token(name);
        if (name_end == name) { /* RFC 9110 lets a parameter be empty */
            text = name;
            continue;
        }
        const char *value = name_end + 1;
        const char *end = *name_end == '=' ? skip_value(value) : NULL;
        if (end == NULL) {
            return false;
        }
        bool is_charset =
            (size_t)(name_end - name) == strlen("charset") && strncasecmp(name, "charset", 7) == 0;
        if (is_charset && !is_utf8(value, (size_t)(end - value))) {
            return false;
        }
        text = end;
    }
}

enum media_type media_type_parse(const char *content_type)
{
    static const struct {
        const char *name;
        enum media_type type;
    } known[] = {
        {"application/json", MEDIA_JSON},
        {"application/x-www-form-urlencoded", MEDIA_FORM},
    };
    if (content_type == NULL) {
        return MEDIA_NONE;
    }
    const char *name = http_skip_spaces(content_type);
    if (*name == '\0') {
        return MEDIA_NONE;
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        size_t size = strlen(known[i].name);
        if (strncasecmp(name, known[i].name, size) == 0) {
            return are_parameters_acceptable(name + size) ? known[i].type : MEDIA_OTHER;
        }
    }
    return MEDIA_OTHER;
}
