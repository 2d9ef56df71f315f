/*
 * Compiler attributes under plain names. MUST_CHECK is on every function that can fail; CLEANUP(x)
 * ties an owned value to its scope: `CLEANUP(buffer_free) struct buffer b`.
 */
#pragma once

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define CLEANUP(function) __attribute__((cleanup(function)))
#define UNUSED __attribute__((unused))
#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))
