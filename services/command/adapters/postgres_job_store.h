/* Periodic messages, sent by hand: by the outbox, and noted in PostgreSQL. */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/job_store.h"

/* `db` is borrowed, and shared with the unit of work: its transaction is ours. Owned. */
struct job_store *postgres_job_store_new(struct postgres *db);
void postgres_job_store_free(struct job_store *store);
