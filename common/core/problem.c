/* Gathering what is wrong with an input. How a problem is written and read is the codec's:
 * common/json/problem.c. */

#include "common/core/problem.h"

#include <stdarg.h>
#include <string.h>

/* Names come from outside, as many and as long as an input holds. */
enum { ERRORS_MAX = 50, FIELD_SIZE_MAX = 128 };

/* a copy of a field's name, cut between characters when it is too long */
static char *copy_field(struct arena *arena, const char *field)
{
    size_t size = strlen(field);
    if (size <= FIELD_SIZE_MAX) {
        return arena_copy(arena, field, size);
    }
    size = FIELD_SIZE_MAX;
    while (size > 0 && ((unsigned char)field[size] & 0xC0) == 0x80) {
        size--;
    }
    return arena_printf(arena, "%.*s…", (int)size, field);
}

void problem_add(struct problem *problem, struct arena *arena, const char *field,
                 const char *format, ...)
{
    problem->err = ERR_INVALID_INPUT;
    va_list arguments;
    va_start(arguments, format);
    struct field_error added = {
        .field = copy_field(arena, field),
        .message = arena_vprintf(arena, language_text(problem->language, format), arguments),
    };
    va_end(arguments);

    size_t count = 0;
    struct field_error **end = &problem->errors;
    for (; *end != NULL; end = &(*end)->next) {
        if (strcmp((*end)->field, added.field) == 0 &&
            strcmp((*end)->message, added.message) == 0) {
            return;
        }
        count++;
    }
    if (count < ERRORS_MAX) {
        *end = arena_alloc(arena, sizeof(**end));
        **end = added;
    }
}
