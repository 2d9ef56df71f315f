/* Authorization. */

#include "common/http/authorization.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "common/http/characters.h"

static bool is_token68(char c)
{
    return is_http_alphanumeric(c) || (c != '\0' && strchr("-._~+/=", c) != NULL);
}

enum authorization authorization_parse(const char *header, const char **ret_token, size_t *ret_size)
{
    static const char scheme[] = "bearer";
    const size_t scheme_size = sizeof(scheme) - 1;
    if (header == NULL) {
        return AUTHORIZATION_ABSENT;
    }
    header = http_skip_spaces(header);
    if (strncasecmp(header, scheme, scheme_size) != 0 || header[scheme_size] != ' ') {
        return AUTHORIZATION_OTHER;
    }
    const char *token = http_skip_spaces(header + scheme_size);
    const char *end = token;
    while (is_token68(*end)) {
        end++;
    }
    if (end == token || *http_skip_spaces(end) != '\0') {
        return AUTHORIZATION_OTHER;
    }
    *ret_token = token;
    *ret_size = (size_t)(end - token);
    return AUTHORIZATION_BEARER;
}
