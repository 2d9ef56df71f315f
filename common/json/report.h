/* Where an error is and how it is told. Internal to the codec. */
#pragma once

#include <stddef.h>

#include "common/core/arena.h"
#include "common/core/attributes.h"
#include "common/core/problem.h"

/* A step on the way to a value; on the stack of the one who takes it. */
struct json_step {
    const struct json_step *parent;
    const char *name; /* NULL: an element of an array */
    size_t name_size;
    size_t index;
};

struct json_report {
    struct arena *arena;
    struct problem *problem; /* NULL: nobody asks why */
    size_t count;
};

/* Note what is wrong with the value at the end of `step`; NULL: with the whole, the field "body".
 */
void json_report_add(struct json_report *report, const struct json_step *step, const char *format,
                     ...) PRINTF_LIKE(3, 4);

/* A text of the catalogues, in the language of the problem; static. */
const char *json_report_text(const struct json_report *report, const char *message)
    __attribute__((format_arg(2)));
