/* The outbox in PostgreSQL: the rows taken are locked by a transaction that is open until they are
 * settled. */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/outbox.h"

struct postgres_outbox {
    struct outbox outbox;
    struct postgres *db; /* borrowed; in a transaction between take and settle */
};

void postgres_outbox_init(struct postgres_outbox *self, struct postgres *db);
