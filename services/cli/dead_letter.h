/*
 * Dead letters as the command line handles them: one at a time, locked while it is changed or sent
 * again. A change and its line in the audit trail are one transaction. Whatever fails is said on
 * standard error and leaves the letter as it was. Statuses: EXIT_DONE, EXIT_PROBLEM (there is no
 * such letter, or somebody else has it), EXIT_UNREACHABLE.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/postgres/postgres.h"

/* A secret value, in a letter. */
#define DEAD_LETTER_REMOVED "[removed]"

struct dead_letter { /* texts are in the arena it was read into */
    int64_t id;
    const char *message_id; /* UUID, or NULL */
    const char *message;    /* name */
    const char *code;
    const char *detail;
    const char *body;     /* JSON; secrets are DEAD_LETTER_REMOVED; "null": could not be read */
    int64_t user_id;      /* who acted, or NOBODY */
    const char *language; /* of its headers those that are sent again; NULL: none */
    const char *client_address;
    const char *traceparent;
    const char *idempotency_key;
};

/* What is done with a letter, for the audit trail. */
struct dead_letter_action {
    const char *actor;
    const char *action; /* "retry", "drop", "edit" */
    const char *detail; /* without secrets */
};

/* Begin a transaction and lock the letter in it; after any other status than EXIT_DONE none is
 * open. */
int dead_letter_lock(struct postgres *db, int64_t id, struct arena *arena, struct dead_letter *ret);

/*
 * Make way for the same identity again and commit: forget the failure that is stored for it, and
 * the deaths counted. An outcome that is done stays. A letter without identity is given one. To be
 * followed by dead_letter_lock and the publication: a worker must not find the failure.
 */
int dead_letter_make_way(struct postgres *db, struct dead_letter *letter, struct arena *arena);

/* Delete the locked letter, note the action, commit. */
int dead_letter_remove(struct postgres *db, const struct dead_letter *letter,
                       const struct dead_letter_action *action);

/* Give the locked letter another body, note the action, commit. */
int dead_letter_change(struct postgres *db, const struct dead_letter *letter, const char *body,
                       const struct dead_letter_action *action);

enum dead_letter_state {
    DEAD_LETTER_FAILED,     /* as burying has it: for good, where the code is one of those */
    DEAD_LETTER_FAILED_YET, /* until the same identity comes again */
};

/* Let the state of the letter's command be `failed`, unless it has an outcome. In the open
 * transaction, or at once. */
int dead_letter_note_failed(struct postgres *db, const struct dead_letter *letter,
                            enum dead_letter_state state, struct arena *arena);
