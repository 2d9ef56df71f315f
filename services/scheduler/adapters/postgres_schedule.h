/* The schedule in PostgreSQL: table schedule (migrations/0007). */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/schedule.h"

struct postgres_schedule {
    struct schedule schedule;
    struct postgres *db;
};

/* On this connection, which is borrowed. */
void postgres_schedule_init(struct postgres_schedule *self, struct postgres *db);
