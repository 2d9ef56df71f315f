/* UTF-8 (RFC 3629) and what strings are measured by. For the codec and whoever takes text from
 * outside. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a text is refused. */
enum text_fault { TEXT_FINE, TEXT_NOT_UTF8, TEXT_NUL, TEXT_SURROGATE };

/* Bytes of the well-formed sequence at `text`: 1–4, or 0. `text` is before `end`. */
size_t text_sequence(const char *text, const char *end);
/* The code point of a well-formed sequence. */
uint32_t text_code_point(const char *text, size_t size);
/* Write a code point as UTF-8; returns the bytes written, 1–4. */
size_t text_put(char *place, uint32_t code_point);

/* The first character at or after `text` that JSON escapes: a control character, a quote, a
 * backslash. */
const char *text_skip_plain(const char *text, const char *end);
/* The same, or the first that is not ASCII. */
const char *text_skip_plain_ascii(const char *text, const char *end);

/* Count the characters (code points) of a text from outside. */
enum text_fault text_measure(const char *text, size_t size, size_t *ret_characters);
/* Is it nothing but white space (Unicode's or ECMAScript's)? True when empty. `text` is UTF-8. */
bool text_is_blank(const char *text, size_t size);
