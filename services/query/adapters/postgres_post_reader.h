/* Posts in PostgreSQL, for reading: table posts (migrations/0002). */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/post_reader.h"

/* On the worker's connection, which is borrowed. Owned. */
struct post_reader *postgres_post_reader_new(struct postgres *db);
void postgres_post_reader_free(struct post_reader *reader);
