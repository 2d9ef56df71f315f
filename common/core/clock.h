/* The two clocks: the wall (what people and deadlines see) and the monotonic one (waits). */
#pragma once

#include <stdint.h>

/* Microseconds since 1970-01-01T00:00:00Z. */
int64_t clock_wall_us(void);
/* Milliseconds since some fixed moment; never goes back. */
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);

enum { CLOCK_TEXT_SIZE = 28 };
/* `YYYY-MM-DDTHH:MM:SS.ffffffZ` (RFC 3339) of a time in µs, years 0001–9999. Static length: 27 and
 * NUL. */
void clock_format(int64_t time_us, char ret[CLOCK_TEXT_SIZE]);
