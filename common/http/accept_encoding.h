/* The Accept-Encoding header (RFC 9110, section 12.5.3). */
#pragma once

#include <stdbool.h>

/* Does the header (may be NULL) take the coding, by its name or by "*", and not with a weight of 0?
 */
bool accept_encoding_has(const char *header, const char *coding);
