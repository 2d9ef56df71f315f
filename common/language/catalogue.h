/* What compile_catalogue.py makes of a .po file. For language.c only. */
#pragma once

#include <stddef.h>

struct catalogue_entry {
    const char *msgid;
    const char *one;
    const char *many; /* NULL: not a text with a plural */
};

struct catalogue {
    const struct catalogue_entry *entries; /* sorted by msgid, bytewise */
    size_t count;
};

extern const struct catalogue catalogue_de;
extern const struct catalogue catalogue_fr;
