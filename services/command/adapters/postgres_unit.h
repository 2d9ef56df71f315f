/* The unit of work on PostgreSQL: tables inbox, outbox, attempts and dead_letters (migrations/0004,
 * 0005). */
#pragma once

#include "common/postgres/postgres.h"
#include "unit.h"

/*
 * A unit on this connection, which is borrowed; the stores of the same worker use it too. Sessions
 * bound by a replay last `session_lifetime_hours`. Owned.
 */
struct unit *postgres_unit_new(struct postgres *db, int64_t session_lifetime_hours);
void postgres_unit_free(struct unit *unit);
