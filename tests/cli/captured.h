/* Standard input and output of a test: what is read comes from a text, what is written can be
 * looked at. */
#pragma once

#include <stdio.h>

enum { CAPTURED_MAX = 65536 };

/* From now on standard input is this text (and then ends). */
void captured_feed(const char *text, size_t size);

/* From now on standard output and error are caught. */
void captured_begin(void);
/* What was written to standard output, or error, since; static until the next call. */
const char *captured_output(void);
const char *captured_errors(void);
