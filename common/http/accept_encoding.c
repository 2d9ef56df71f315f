/* Accept-Encoding: a list of codings with weights; the order of preference does not matter here. */

#include "common/http/accept_encoding.h"

#include <string.h>
#include <strings.h>

#include "common/http/characters.h"

/* `;q=0` and `;q=0.000`, which say never. */
static bool is_refused(const char *weight)
{
    weight = http_skip_spaces(weight);
    if (*weight != ';') {
        return false;
    }
    weight = http_skip_spaces(weight + 1);
    if ((*weight != 'q' && *weight != 'Q') || weight[1] != '=' || weight[2] != '0') {
        return false;
    }
    weight += strlen("q=0");
    weight += *weight == '.' ? 1 : 0;
    weight += strspn(weight, "0");
    return !is_http_digit(*weight);
}

bool accept_encoding_has(const char *header, const char *coding)
{
    bool is_any_taken = false;
    while (header != NULL && *header != '\0') {
        const char *name = http_skip_spaces(header);
        const char *end = http_skip_token(name);
        size_t size = (size_t)(end - name);
        if (size == strlen(coding) && strncasecmp(name, coding, size) == 0) {
            return !is_refused(end);
        }
        if (size == 1 && *name == '*') {
            is_any_taken = !is_refused(end);
        }
        header = end + strcspn(end, ",");
        header += *header == ',' ? 1 : 0;
    }
    return is_any_taken;
}
