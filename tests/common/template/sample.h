/* What the templates in site/ are given. The same in compile_samples.py. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum colour { COLOUR_RED = 1, COLOUR_DARK_BLUE };

/* The text of a value; static. */
const char *colour_text(enum colour colour);

struct sample_person {
    const char *email;
    bool has_age;
    int64_t age;
};

struct sample_row {
    int64_t id;
    const char *title;
    bool is_new;
    struct sample_person author;
};

struct sample_page {
    const char *text;
    const char *other;
    const char *html;
    int64_t number;
    bool has_count;
    int64_t count;
    int64_t since;
    bool has_until;
    int64_t until;
    bool is_open;
    enum colour colour;
    struct sample_person owner;
    bool has_guest;
    struct sample_person guest;
    const struct sample_person *friend;
    const struct sample_row *rows;
    size_t rows_count;
    const char *const *words;
    size_t words_count;
};
