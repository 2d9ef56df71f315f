/* Dead letters in PostgreSQL: tables dead_letters, dead_letter_actions and attempts. */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/letter_reader.h"

/* On this connection, which is borrowed. Owned. */
struct letter_reader *postgres_letter_reader_new(struct postgres *db);
void postgres_letter_reader_free(struct letter_reader *reader);
