/* What became of commands, in PostgreSQL: table inbox (migrations/0004 and 0006). */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/command_states.h"

/* On the worker's connection, which is borrowed. Owned. */
struct command_states *postgres_command_states_new(struct postgres *db);
void postgres_command_states_free(struct command_states *states);
