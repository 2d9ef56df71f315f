/* W3C Trace Context. */
#pragma once

#include <stdbool.h>

/* Is it a well-formed traceparent of a known version? NULL is not. */
bool traceparent_is_valid(const char *text);
