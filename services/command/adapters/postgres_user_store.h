/* Users in PostgreSQL, for writing: table users (migrations/0001). */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/user_store.h"

/* On the worker's connection, which is borrowed. Owned. */
struct user_store *postgres_user_store_new(struct postgres *db);
void postgres_user_store_free(struct user_store *store);
