/* The unit of work on PostgreSQL: tables inbox, outbox, attempts and dead_letters (migrations/0004,
 * 0005). */
#pragma once

#include "common/postgres/postgres.h"
#include "postgres_session_store.h"
#include "unit.h"

/*
 * A unit on this connection, which is borrowed; the stores of the same worker use it too. Sessions
 * bound by a replay last as long as `session_lifetime` says. Owned.
 */
struct unit *postgres_unit_new(struct postgres *db,
                               const struct session_lifetime *session_lifetime);
void postgres_unit_free(struct unit *unit);
