/* Posts in PostgreSQL, for writing: table posts (migrations/0002). */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/post_store.h"

/* On the worker's connection, which is borrowed. Owned. */
struct post_store *postgres_post_store_new(struct postgres *db);
void postgres_post_store_free(struct post_store *store);
