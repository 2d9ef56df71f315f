/* The world on PostgreSQL has more than one door: a second worker, and the database itself. */
#pragma once

#include "common/postgres/postgres.h"
#include "tests/adapters/command_world.h"
#include "tests/support/database.h"

#define WORLD_APPLICATION "postroom test"

/* One worker: a connection with all that stands on it. */
struct postgres_world {
    struct postgres *db;
    struct command_world ports;
};

void postgres_world_open(struct postgres_world *ret, const struct postgres_options *options);
void postgres_world_close(struct postgres_world *world);
/* The suite's database. */
const struct test_database *postgres_world_database(void);
