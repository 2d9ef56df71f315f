/* The Authorization header: bearer tokens (RFC 6750). */
#pragma once

#include <stddef.h>

enum authorization { AUTHORIZATION_ABSENT, AUTHORIZATION_OTHER, AUTHORIZATION_BEARER };

/* What the header (may be NULL) says. Of a bearer, `ret_token` (of `ret_size` > 0) points into it.
 */
enum authorization authorization_parse(const char *header, const char **ret_token,
                                       size_t *ret_size);
