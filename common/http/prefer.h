/* The Prefer header (RFC 7240). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Does the header (may be NULL) hold the preference `name`, with any or no value? */
bool prefer_has(const char *header, const char *name);

enum { PREFER_SECONDS_MAX = 1000 * 1000 };

/*
 * Does the header (may be NULL) hold the preference `name` with a number of seconds (`wait=5`,
 * `wait="5"`)? More than PREFER_SECONDS_MAX are given back as that. Of several the first counts;
 * one whose value is no number is passed over.
 */
bool prefer_seconds(const char *header, const char *name, int64_t *ret);
