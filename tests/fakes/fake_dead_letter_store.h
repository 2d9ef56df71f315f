/* Dead letters in memory, for tests: only when they failed. */
#pragma once

#include <stddef.h>

#include "ports/dead_letter_store.h"

enum { FAKE_DEAD_LETTERS_MAX = 16 };

struct fake_dead_letter_store {
    struct dead_letter_store base;
    int64_t failed_us[FAKE_DEAD_LETTERS_MAX];
    size_t count;
    enum err fails_with; /* OK: it works */
};

void fake_dead_letter_store_init(struct fake_dead_letter_store *ret);
void fake_dead_letter_store_add(struct fake_dead_letter_store *store, int64_t failed_us);
