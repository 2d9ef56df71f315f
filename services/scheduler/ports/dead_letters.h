/*
 * Where messages are kept that will never be handled. Adapter: adapters/postgres_dead_letters.h;
 * tests: tests/scheduler/fake_dead_letters.h. One thread; blocks for less than a heartbeat.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/core/attributes.h"
#include "common/core/err.h"

struct dead_letter {
    const char *message_id; /* UUID, or NULL */
    const char *message;    /* name */
    const char *code;       /* of enum err: why */
    const char *detail;
    const char *body;    /* JSON with its secrets removed; "null" where it cannot be read */
    const char *headers; /* JSON object of harmless ones */
    const char *session; /* digest it came with, to find out who acted; never kept with the letter;
                            NULL: none, or a user was named */
    int64_t user_id;     /* who acted, or NOBODY: ask the session */
    const char *problem; /* application/problem+json: what its sender is told who asks for its
                            state */
    bool is_final;       /* its state: failed for good, even for the same identity again */
};

struct dead_letters;

struct dead_letters_ops {
    enum err (*keep)(struct dead_letters *self, const struct dead_letter *letter);
};

struct dead_letters { /* implementations embed this first */
    const struct dead_letters_ops *ops;
};

/*
 * Keep one, for good when OK, and with it, all or nothing, the state `failed` of its command; an
 * outcome that is there already stays. The same message_id and code again is the same letter.
 * ERR_UNAVAILABLE, ERR_INTERNAL.
 */
MUST_CHECK static inline enum err dead_letters_keep(struct dead_letters *self,
                                                    const struct dead_letter *letter)
{
    return self->ops->keep(self, letter);
}
