/* Dead letters for reading, in memory. */
#pragma once

#include <stddef.h>

#include "ports/letter_reader.h"

enum { FAKE_LETTERS_MAX = 128, FAKE_ACTIONS_MAX = 32 };

struct fake_letter_reader {
    struct letter_reader base;
    struct letter letters[FAKE_LETTERS_MAX]; /* the oldest first */
    size_t count;
    struct letter_action actions[FAKE_ACTIONS_MAX]; /* the oldest first */
    size_t action_count;
    enum err fails_with; /* OK: it works */
};

void fake_letter_reader_init(struct fake_letter_reader *ret);
/* A letter for nobody with an empty body, to be changed; texts are static. Ids begin at 1. */
struct letter *fake_letter_reader_add(struct fake_letter_reader *reader, const char *message,
                                      const char *code);
void fake_letter_reader_note(struct fake_letter_reader *reader, const struct letter_action *action);
