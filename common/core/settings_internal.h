/* The table of settings: for settings*.c only. */
#pragma once

#include <stddef.h>

#include "common/core/settings.h"

enum setting_type { SETTING_TEXT, SETTING_INTEGER, SETTING_CHOICE };

struct setting {
    const char *name;
    enum setting_type type;
    const char *default_value; /* NULL: has to be set */
    unsigned readers;          /* of enum settings_reader */
    size_t offset;
    int64_t minimum; /* of an integer; of a text, its length */
    int64_t maximum;
    const char *choices[4]; /* of a choice: a text, or stored as its place when `is_enum` */
    bool is_enum;
    const char *meaning;
};

extern const struct setting settings_table[];
extern const size_t settings_count;
