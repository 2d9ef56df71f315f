/* UUIDs (RFC 9562) as text: 36 characters, lower case. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UUID_LENGTH = 36, UUID_TEXT_SIZE = 37, UUID_SIZE = 16 };

/* A new version 7 (time-ordered: kind to indexes) UUID. */
void uuid_new(char ret[UUID_TEXT_SIZE]);

/* The version 8 UUID made of the beginning of a digest: equal digests give equal UUIDs. */
void uuid_of_digest(const unsigned char digest[UUID_SIZE], char ret[UUID_TEXT_SIZE]);

/* When a version 7 UUID was made, in µs since 1970, to the ms; 0: it is of another version. `text`
 * is a UUID. */
int64_t uuid_time_us(const char *text);

/* Is `text` a UUID of any version? On success `ret` (may be NULL) holds it in lower case. */
bool uuid_parse(const char *text, size_t size, char ret[UUID_TEXT_SIZE]);
