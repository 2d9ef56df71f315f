/* Query strings and forms. */

#include "common/http/form.h"

#include <string.h>

#include "common/http/percent.h"

void form_reader_init(struct form_reader *reader, const char *data, size_t size,
                      struct arena *arena)
{
    *reader = (struct form_reader){.arena = arena, .rest = data, .end = data + size};
}

enum form_step form_next(struct form_reader *reader, struct form_pair *ret)
{
    while (reader->rest < reader->end && *reader->rest == '&') {
        reader->rest++;
    }
    if (reader->rest >= reader->end) {
        return FORM_END;
    }
    const char *pair = reader->rest;
    const char *stop = memchr(pair, '&', (size_t)(reader->end - pair));
    stop = stop == NULL ? reader->end : stop;
    reader->rest = stop;

    const char *equals = memchr(pair, '=', (size_t)(stop - pair));
    size_t name_size = (size_t)((equals == NULL ? stop : equals) - pair);
    const char *value = equals == NULL ? stop : equals + 1;
    if (!percent_decode(pair, name_size, PERCENT_FORM, reader->arena, &ret->name,
                        &ret->name_size) ||
        !percent_decode(value, (size_t)(stop - value), PERCENT_FORM, reader->arena, &ret->value,
                        &ret->value_size)) {
        return FORM_BROKEN;
    }
    return FORM_PAIR;
}
