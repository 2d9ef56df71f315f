/* Dead letters in PostgreSQL. */
#pragma once

#include "common/postgres/postgres.h"
#include "ports/dead_letters.h"

struct postgres_dead_letters {
    struct dead_letters dead_letters;
    struct postgres *db; /* borrowed */
};

void postgres_dead_letters_init(struct postgres_dead_letters *self, struct postgres *db);
