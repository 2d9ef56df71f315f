/* Walks `name=value&name=value`: query strings and bodies of application/x-www-form-urlencoded
 * (WHATWG URL, section 5). */
#pragma once

#include <stddef.h>

#include "common/core/arena.h"

struct form_reader {
    struct arena *arena;
    const char *rest;
    const char *end;
};

struct form_pair { /* decoded, NUL-terminated; may hold any byte; ctx */
    const char *name;
    size_t name_size;
    const char *value;
    size_t value_size;
};

enum form_step { FORM_END, FORM_PAIR, FORM_BROKEN };

void form_reader_init(struct form_reader *reader, const char *data, size_t size,
                      struct arena *arena);

/* The next pair. A name without `=` has an empty value; nothing between two `&` is skipped.
 * FORM_BROKEN: a foul `%`. */
enum form_step form_next(struct form_reader *reader, struct form_pair *ret);
