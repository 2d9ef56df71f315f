/* Cookies (RFC 6265). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Find the first cookie of this name in a Cookie header (may be NULL). `ret_value` points into the
 * header, without quotes. */
bool cookie_find(const char *header, const char *name, const char **ret_value, size_t *ret_size);
