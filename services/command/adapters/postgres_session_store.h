/* Sessions in PostgreSQL: table sessions (migrations/0003, 0008). */
#pragma once

#include "common/postgres/postgres.h"
#include "common/service/envelope.h"
#include "ports/session_store.h"

struct session_lifetime {
    int64_t hours;      /* at most */
    int64_t idle_hours; /* of one that nobody uses */
};

/* On the worker's connection, which is borrowed. Owned. */
struct session_store *postgres_session_store_new(struct postgres *db,
                                                 const struct session_lifetime *lifetime);
void postgres_session_store_free(struct session_store *store);

/* A message that has started a session and comes again. */
struct session_repetition {
    const char *message_id;
    int64_t user_id; /* whose session it started */
};

/* Start envelope->new_session in place of envelope->session, which ends, unless the user is no
 * longer active or all sessions were ended since the first time. In a transaction of its own. */
MUST_CHECK enum err postgres_session_start_again(struct postgres *db,
                                                 const struct envelope *envelope,
                                                 const struct session_repetition *repetition,
                                                 const struct session_lifetime *lifetime);
