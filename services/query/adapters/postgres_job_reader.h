/* Periodic messages: contracts/schedule.json and, in PostgreSQL, table schedule. */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/job_reader.h"

/* On this connection, which is borrowed. Owned. */
struct job_reader *postgres_job_reader_new(struct postgres *db);
void postgres_job_reader_free(struct job_reader *reader);
