/*
 * The unit of work in memory, for tests. It keeps the promises of unit.h for the fake stores it is
 * given: what a handler did to them is undone by unit_fail and unit_abort. Identities, outgoing
 * messages, attempts and dead letters can be looked at; it can be told to fail.
 */
#pragma once

#include "tests/fakes/fake_audit_log.h"
#include "tests/fakes/fake_post_store.h"
#include "tests/fakes/fake_session_store.h"
#include "tests/fakes/fake_user_store.h"
#include "unit.h"

enum { FAKE_IDENTITIES_MAX = 64, FAKE_OUTBOX_MAX = 64, FAKE_LETTERS_MAX = 16, FAKE_NAME_SIZE = 64 };

struct fake_identity {
    char message_id[UUID_TEXT_SIZE];
    char name[FAKE_NAME_SIZE];
    unsigned char fingerprint[FINGERPRINT_SIZE];
    bool has_fingerprint;
    int64_t user_id;
    char session[DIGEST_HEX_SIZE];         /* "": none */
    char idempotency_key[DIGEST_HEX_SIZE]; /* "": none */
    int64_t session_user_id;
    int64_t session_started; /* by the clock of the session store */
    struct outcome outcome;  /* body: in the fake's arena */
    bool is_final;
};

struct fake_outgoing {
    char message_id[UUID_TEXT_SIZE];
    char name[FAKE_NAME_SIZE];
    const char *body;        /* in the fake's arena */
    const char *traceparent; /* or NULL */
    const char *language;    /* or NULL */
    int64_t deadline_ms;     /* 0: none */
};

struct fake_attempt {
    char message_id[UUID_TEXT_SIZE];
    int64_t count;
};

/* The stores as they were when the unit began. */
struct fake_snapshot {
    struct fake_user_store users;
    struct fake_session_store sessions;
    struct fake_post_store posts;
    struct fake_audit_log audit;
};

struct fake_unit {
    struct unit base;
    struct arena *arena;
    struct fake_user_store *users;       /* never NULL: they say who may act */
    struct fake_session_store *sessions; /* never NULL */
    struct fake_post_store *posts;       /* may be NULL */
    struct fake_audit_log *audit;        /* may be NULL; set after fake_unit_init */

    struct fake_identity identities[FAKE_IDENTITIES_MAX];
    size_t identity_count;
    struct fake_outgoing outbox[FAKE_OUTBOX_MAX];
    size_t outbox_count;
    struct dead_letter letters[FAKE_LETTERS_MAX];
    int64_t letter_user_ids[FAKE_LETTERS_MAX];
    size_t letter_count;
    struct fake_attempt attempts[FAKE_IDENTITIES_MAX];
    size_t attempt_count;

    bool is_open;
    struct fake_identity open; /* the identity at work */
    struct fake_snapshot *snapshot;

    enum err fails_with;        /* every call, and nothing happens; OK: it works */
    enum err note_fails_with;   /* unit_note_failure only */
    enum err commit_fails_with; /* unit_commit and unit_fail only … */
    bool is_commit_carried_out; /* … and what they were to do happens all the same */
};

void fake_unit_init(struct fake_unit *ret, struct fake_user_store *users,
                    struct fake_session_store *sessions, struct fake_post_store *posts);
void fake_unit_clear(struct fake_unit *unit);
/* What is kept of this message, or NULL. */
struct fake_identity *fake_unit_identity(struct fake_unit *unit, const char *message_id);
