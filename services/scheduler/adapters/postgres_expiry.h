/* Expiry in PostgreSQL: one DELETE a batch; rows that another scheduler is at are skipped. */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/expiry.h"

struct postgres_expiry {
    struct expiry expiry;
    struct postgres *db; /* borrowed */
    int64_t identity_lifetime_hours;
};

void postgres_expiry_init(struct postgres_expiry *self, struct postgres *db,
                          int64_t identity_lifetime_hours);
