/* Tables for people: a line of headings, columns as wide as their widest text, two spaces between
 * them. What a terminal would obey (control characters) is shown as "?". */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "common/core/arena.h"

struct table {
    struct arena *arena;
    const char *const *headings;
    size_t column_count;
    const char **cells; /* row by row */
    size_t row_count;
};

void table_init(struct table *table, struct arena *arena, const char *const *headings,
                size_t column_count);
/* Texts are copied, NULL is "-". */
void table_add(struct table *table, const char *const *texts);
void table_print(const struct table *table, FILE *stream);

/* One text as the tables have it, without a newline. */
void table_print_text(const char *text, FILE *stream);
