/* Dead letters in memory, for tests. */
#pragma once

#include "ports/dead_letters.h"

enum { FAKE_LETTERS_MAX = 32, FAKE_LETTER_TEXT_SIZE = 1024 };

struct fake_letter {
    char message_id[FAKE_LETTER_TEXT_SIZE]; /* "": none */
    char message[FAKE_LETTER_TEXT_SIZE];
    char code[FAKE_LETTER_TEXT_SIZE];
    char detail[FAKE_LETTER_TEXT_SIZE];
    char body[FAKE_LETTER_TEXT_SIZE];
    char headers[FAKE_LETTER_TEXT_SIZE];
    char session[FAKE_LETTER_TEXT_SIZE];
    char problem[FAKE_LETTER_TEXT_SIZE]; /* of the state that is kept with it; "": none */
    int64_t user_id;
};

struct fake_dead_letters {
    struct dead_letters base;
    struct fake_letter letters[FAKE_LETTERS_MAX];
    size_t count;
    enum err fails_with;      /* OK: it works */
    const char *refused_body; /* refuses (ERR_INTERNAL) a letter whose body is this; NULL: none */
};

void fake_dead_letters_init(struct fake_dead_letters *ret);
