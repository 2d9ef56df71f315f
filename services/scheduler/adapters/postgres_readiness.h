/* Is PostgreSQL there, and does it hold every migration known to this build? */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/readiness.h"

struct postgres_readiness {
    struct readiness readiness;
    struct postgres *db; /* borrowed; the one of the other adapters */
};

void postgres_readiness_init(struct postgres_readiness *self, struct postgres *db);
