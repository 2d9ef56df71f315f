/* Sessions in PostgreSQL: table sessions (migrations/0003). */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/session_store.h"

/* On the worker's connection, which is borrowed. Owned. */
struct session_store *postgres_session_store_new(struct postgres *db,
                                                 int64_t session_lifetime_hours);
void postgres_session_store_free(struct session_store *store);

/* Start, or start anew, a session of this user, if active. One statement, in the open transaction
 * or in its own. */
MUST_CHECK enum err postgres_session_start(struct postgres *db, const char *digest, int64_t user_id,
                                           int64_t session_lifetime_hours);
/* The same, in place of `old_digest`, which ends; NULL: in place of none. In the open transaction
 * or in one of its own. */
MUST_CHECK enum err postgres_session_replace(struct postgres *db, const char *old_digest,
                                             const char *digest, int64_t user_id,
                                             int64_t session_lifetime_hours);
