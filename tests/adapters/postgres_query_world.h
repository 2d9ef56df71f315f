/* The world on PostgreSQL has more than one door: the database itself, and the reader's connection.
 */
#pragma once

#include "common/postgres/postgres.h"
#include "tests/adapters/query_world.h"
#include "tests/support/database.h"

#define WORLD_APPLICATION "postroom test"

const struct test_database *postgres_world_database(void);
/* The connection of the world that is open. */
struct postgres *postgres_world_db(void);
