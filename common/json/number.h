/* Numbers by their text, exactly: nothing goes through a double. Internal to the codec. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_number {
    int64_t integer;  /* towards zero; 0 when out of range */
    bool is_integer;  /* no digit but 0 after the point: 1.0 and 1e2 are integers */
    bool is_in_range; /* within ±(2^53-1) */
};

/* The bytes of the number at `text` by JSON's grammar; 0 when there is none. */
size_t json_number_scan(const char *text, const char *end);
/* What the number means. `text` holds one by JSON's grammar. */
void json_number_parse(const char *text, size_t size, struct json_number *ret);
/* A decimal integer as people write it: -?(0|[1-9][0-9]*); false when it is none. */
bool json_number_parse_decimal(const char *text, size_t size, struct json_number *ret);
