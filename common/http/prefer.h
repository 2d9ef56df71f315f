/* The Prefer header (RFC 7240). */
#pragma once

#include <stdbool.h>

/* Does the header (may be NULL) hold the preference `name`, with any or no value? */
bool prefer_has(const char *header, const char *name);
