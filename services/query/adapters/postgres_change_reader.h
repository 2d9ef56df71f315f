/* The audit log in PostgreSQL, for reading: table admin_changes (migrations/0009). */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/change_reader.h"

/* On this connection, which is borrowed. Owned. */
struct change_reader *postgres_change_reader_new(struct postgres *db);
void postgres_change_reader_free(struct change_reader *reader);
