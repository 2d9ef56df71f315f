/* Who acts, and is the database there: reading.h on PostgreSQL. */
#pragma once

#include "common/postgres/postgres.h"
#include "reading.h"

/* On the worker's connection, which is borrowed; open it with POSTGRES_READ_ONLY. Owned. */
struct reading *postgres_reading_new(struct postgres *db);
void postgres_reading_free(struct reading *reading);
