/* Formats of strings. Internal to the codec. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An ASCII address such as a mail server will take: local@domain.tld (RFC 5321 without quotes and
 * address literals). */
bool format_is_email(const char *text, size_t size);
/* A moment by RFC 3339 as µs since 1970; digits beyond µs are dropped. */
bool format_parse_time(const char *text, size_t size, int64_t *ret_us);
