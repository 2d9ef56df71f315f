/* Dead letters in memory, for tests. */
#pragma once

#include <stddef.h>

#include "ports/dead_letter_store.h"

enum { FAKE_DEAD_LETTERS_MAX = 128 };

struct fake_letter {
    int64_t id;
    int64_t failed_us;
    const char *message;
    const char *body;
};

struct fake_dead_letter_store {
    struct dead_letter_store base;
    struct fake_letter letters[FAKE_DEAD_LETTERS_MAX];
    size_t count;
    int64_t last_id;
    size_t sent_again;
    size_t dropped;
    int64_t acted_for;   /* who had the latest letter sent again or dropped */
    enum err fails_with; /* OK: it works */
};

void fake_dead_letter_store_init(struct fake_dead_letter_store *ret);
/* A letter of posts.create that failed then. */
void fake_dead_letter_store_add(struct fake_dead_letter_store *store, int64_t failed_us);
/* A letter of this message, which need not be ours, with this body; texts are static. Its id. */
int64_t fake_dead_letter_store_put(struct fake_dead_letter_store *store, const char *message,
                                   const char *body);
