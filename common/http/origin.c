/* Origin and Host. */

#include "common/http/origin.h"

#include <string.h>
#include <strings.h>

#include "common/http/characters.h"

/* The end of the host at `text`, or NULL. */
static const char *skip_host(const char *text)
{
    const char *end = text;
    if (*text == '[') {
        end = strchr(text, ']');
        return end == NULL || end == text + 1 ? NULL : end + 1;
    }
    while (is_http_alphanumeric(*end) || *end == '-' || *end == '.' || *end == '_') {
        end++;
    }
    return end == text ? NULL : end;
}

/* Read `host[:port]`; `ret_end` is what follows it. */
static bool read_authority(const char *text, unsigned default_port, struct origin *ret,
                           const char **ret_end)
{
    const char *end = skip_host(text);
    if (end == NULL) {
        return false;
    }
    *ret = (struct origin){
        .host = text,
        .host_size = (size_t)(end - text),
        .port = default_port,
        .default_port = default_port,
    };
    if (*end == ':') {
        unsigned port = 0;
        for (end++; is_http_digit(*end) && port <= 65535; end++) {
            port = port * 10 + (unsigned)(*end - '0');
        }
        if (port > 65535) {
            return false;
        }
        ret->port = port == 0 ? default_port : port; /* "host:" means the default (RFC 3986) */
    }
    *ret_end = end;
    return true;
}

bool origin_parse(const char *text, struct origin *ret)
{
    unsigned default_port = 0;
    if (strncasecmp(text, "http://", 7) == 0) {
        default_port = 80;
        text += 7;
    }
    if (strncasecmp(text, "https://", 8) == 0) {
        default_port = 443;
        text += 8;
    }
    const char *end = NULL;
    return default_port != 0 && read_authority(text, default_port, ret, &end) &&
           (*end == '\0' || *end == '/');
}

bool origin_equals(const struct origin *a, const struct origin *b)
{
    return a->port == b->port && a->host_size == b->host_size &&
           strncasecmp(a->host, b->host, a->host_size) == 0;
}

bool origin_matches_host(const struct origin *origin, const char *host)
{
    struct origin named;
    const char *end = NULL;
    return host != NULL && read_authority(host, origin->default_port, &named, &end) &&
           *end == '\0' && origin_equals(origin, &named);
}
