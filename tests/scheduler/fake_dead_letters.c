/* Dead letters in memory. */

#include "tests/scheduler/fake_dead_letters.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static void copy(char ret[FAKE_LETTER_TEXT_SIZE], const char *text)
{
    (void)snprintf(ret, FAKE_LETTER_TEXT_SIZE, "%s", text == NULL ? "" : text);
}

static enum err keep(struct dead_letters *base, const struct dead_letter *letter)
{
    struct fake_dead_letters *self = (struct fake_dead_letters *)base;
    if (self->fails_with != OK) {
        return self->fails_with;
    }
    if (self->refused_body != NULL && strcmp(letter->body, self->refused_body) == 0) {
        return ERR_INTERNAL;
    }
    ck_assert_uint_lt(self->count, FAKE_LETTERS_MAX);
    struct fake_letter *kept = &self->letters[self->count++];
    copy(kept->message_id, letter->message_id);
    copy(kept->message, letter->message);
    copy(kept->code, letter->code);
    copy(kept->detail, letter->detail);
    copy(kept->body, letter->body);
    copy(kept->headers, letter->headers);
    copy(kept->session, letter->session);
    copy(kept->problem, letter->message_id == NULL ? NULL : letter->problem);
    kept->user_id = letter->user_id;
    return OK;
}

void fake_dead_letters_init(struct fake_dead_letters *ret)
{
    static const struct dead_letters_ops ops = {.keep = keep};
    *ret = (struct fake_dead_letters){.base.ops = &ops};
}
