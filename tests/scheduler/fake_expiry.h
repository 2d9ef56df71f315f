/* Things whose time is over, counted, for tests. */
#pragma once

#include "ports/expiry.h"

struct fake_expiry {
    struct expiry base;
    size_t over[EXPIRING_COUNT];         /* how many of each are left to remove */
    enum err fails_with[EXPIRING_COUNT]; /* OK: it works */
};

void fake_expiry_init(struct fake_expiry *ret);
