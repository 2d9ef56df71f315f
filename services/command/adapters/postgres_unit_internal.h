/* What the files of postgres_unit share. */
#pragma once

#include "common/core/uuid.h"
#include "postgres_unit.h"

struct postgres_unit {
    struct unit base;
    struct postgres *db;
    int64_t session_lifetime_hours;
    char message_id[UUID_TEXT_SIZE]; /* of the message at work */
};

static inline struct postgres_unit *postgres_unit_of(struct unit *unit)
{
    return (struct postgres_unit *)unit;
}

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
/* postgres_unit_letter.c */
void postgres_unit_clear_attempts(struct unit *self, const char *message_id);
MUST_CHECK enum err postgres_unit_count_attempt(struct unit *self, const char *message_id,
                                                int64_t *ret_attempts);
MUST_CHECK enum err postgres_unit_bury(struct unit *self, struct ctx *ctx,
                                       const struct dead_letter *letter);
