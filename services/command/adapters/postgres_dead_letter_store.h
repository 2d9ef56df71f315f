/* Dead letters in PostgreSQL: table dead_letters (migrations/0005). */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/dead_letter_store.h"

/* On this connection, which is borrowed. Owned. */
struct dead_letter_store *postgres_dead_letter_store_new(struct postgres *db);
void postgres_dead_letter_store_free(struct dead_letter_store *store);
