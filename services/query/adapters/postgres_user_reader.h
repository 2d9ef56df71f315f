/* Users in PostgreSQL, for reading: table users (migrations/0001). */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/user_reader.h"

/* On the worker's connection, which is borrowed. Owned. */
struct user_reader *postgres_user_reader_new(struct postgres *db);
void postgres_user_reader_free(struct user_reader *reader);
