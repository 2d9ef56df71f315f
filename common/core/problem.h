/*
 * Why a message failed, for the one who sent it: an error code, one sentence, and for invalid_input
 * the messages by field. On the wire it is application/problem+json (RFC 9457):
 *     {"type":"urn:postroom:problem:<code>","title":…,"status":…,"detail":…,"code":…,"errors":{"field":["…"]}}
 * and with too_many_attempts `"retry_after"`, in seconds.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/core/buffer.h"
#include "common/core/err.h"
#include "common/language/language.h"

struct field_error {
    const char *field; /* path such as `title`; "body" for what belongs to no field; ctx */
    const char *message;
    struct field_error *next; /* in the order they were found */
};

struct problem {
    enum err err; /* OK: no problem */
    const char *detail;
    int64_t retry_after_s; /* with too_many_attempts: how long to wait; else 0 */
    struct field_error *errors;
    enum language
        language; /* of detail and messages; the code and its title are never translated */
};

/* Add a message to a field; err becomes ERR_INVALID_INPUT. `format` is known to the catalogues by
 * its English form; `field` and `message` are copied into the arena. */
void problem_add(struct problem *problem, struct arena *arena, const char *field,
                 const char *format, ...) PRINTF_LIKE(4, 5);

/* Append the problem as application/problem+json. Fields that share a name are put in one array. */
void problem_encode(const struct problem *problem, struct buffer *buffer);

/* Read a problem's code back from such a body: its error, or OK when it is none of ours. */
enum err problem_code_of(const char *body, size_t size);

/* Read a problem back from such a body; texts are ctx. ERR_INTERNAL: it is none of ours, and `ret`
 * is untouched. */
MUST_CHECK enum err problem_decode(const char *body, size_t size, struct arena *arena,
                                   struct problem *ret);
