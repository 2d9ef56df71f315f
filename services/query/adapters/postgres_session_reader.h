/* Sessions in PostgreSQL, for reading: table sessions. */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/session_reader.h"

/* On the worker's connection, which is borrowed. Owned. */
struct session_reader *postgres_session_reader_new(struct postgres *db);
void postgres_session_reader_free(struct session_reader *reader);
