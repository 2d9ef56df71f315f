/* What the files of postgres_unit share. */
#pragma once

#include "common/core/uuid.h"
#include "postgres_session_store.h"
#include "postgres_unit.h"

struct postgres_unit {
    struct unit base;
    struct postgres *db;
    struct session_lifetime session_lifetime;
    char message_id[UUID_TEXT_SIZE]; /* of the message at work */
};

/* Whose message it is, and what it says. */
struct postgres_identity {
    struct ctx *ctx;
    const struct envelope *envelope;
    const unsigned char *fingerprint; /* NULL: its fields were never read */
    const char *idempotency_key;      /* digest, or NULL: known by its message_id only */
};

static inline struct postgres_unit *postgres_unit_of(struct unit *unit)
{
    return (struct postgres_unit *)unit;
}

/* postgres_unit_identity.c */
/* $1 message_id, $2 name, $3 fingerprint, $4 session */
void postgres_add_identity(struct postgres_parameters *parameters,
                           const struct postgres_identity *identity);
/* What is stored under this identity. */
struct postgres_stored {
    bool is_there;
    bool is_own;   /* under its message_id, and not just under its idempotency key */
    bool is_final; /* no: it gives way */
    bool is_same;  /* no: it is another message's */
    int64_t session_user_id;
    struct outcome outcome;
};
/* Reads it and ends the transaction. ERR_INTERNAL: an outcome of a later release. */
MUST_CHECK enum err postgres_unit_find(struct postgres_unit *unit,
                                       const struct postgres_identity *identity,
                                       struct postgres_stored *ret);
/* What a repeat has to do besides being answered. */
MUST_CHECK enum err postgres_unit_replay(struct postgres_unit *unit,
                                         const struct postgres_identity *identity,
                                         const struct postgres_stored *stored);

/* postgres_unit_begin.c */
MUST_CHECK enum err postgres_unit_begin(struct unit *self, struct ctx *ctx,
                                        const struct envelope *envelope,
                                        const unsigned char fingerprint[FINGERPRINT_SIZE],
                                        enum unit_state *ret_state, struct outcome *ret_stored);
/* postgres_unit_end.c */
MUST_CHECK enum err postgres_unit_commit(struct unit *self, struct ctx *ctx,
                                         const struct outcome *outcome);
MUST_CHECK enum err postgres_unit_fail(struct unit *self, struct ctx *ctx,
                                       const struct outcome *outcome);
MUST_CHECK enum err postgres_unit_note_failure(struct unit *self, struct ctx *ctx,
                                               const struct envelope *envelope,
                                               const unsigned char fingerprint[FINGERPRINT_SIZE],
                                               const struct outcome *outcome);
/* postgres_unit_letter.c */
void postgres_unit_clear_attempts(struct unit *self, const char *message_id);
void postgres_unit_uncount_attempt(struct unit *self, const char *message_id);
MUST_CHECK enum err postgres_unit_count_attempt(struct unit *self, const char *message_id,
                                                int64_t *ret_attempts);
MUST_CHECK enum err postgres_unit_bury(struct unit *self, struct ctx *ctx,
                                       const struct envelope *envelope,
                                       const unsigned char *fingerprint,
                                       const struct dead_letter *letter);
