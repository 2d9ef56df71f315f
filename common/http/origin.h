/* Origins (RFC 6454) and how they compare with Host. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct origin {
    const char *host; /* points into the text; an IPv6 address with its brackets */
    size_t host_size;
    unsigned port;
    unsigned default_port; /* of the scheme */
};

/* Read `http://host[:port]` or `https://host[:port]`, with a path after it or without. False for
 * anything else, `null` included. */
bool origin_parse(const char *text, struct origin *ret);

/* Same host (in any case of letters) and port? */
bool origin_equals(const struct origin *a, const struct origin *b);

/* Does a Host header (may be NULL) name this origin? Without a port it means the default one of the
 * origin's scheme. */
bool origin_matches_host(const struct origin *origin, const char *host);
