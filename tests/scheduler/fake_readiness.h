/* A database that is there or is not, for tests. */
#pragma once

#include "ports/readiness.h"

struct fake_readiness {
    struct readiness base;
    enum err state; /* OK: it is there */
    int checks;     /* how often it was asked */
};

void fake_readiness_init(struct fake_readiness *ret);
