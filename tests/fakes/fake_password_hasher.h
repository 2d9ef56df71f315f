/*
 * A password hasher for tests: quick, and as honest as the real one. It counts what it was asked
 * for, so that a test can tell that a password was checked, for nobody too.
 */
#pragma once

#include "ports/password_hasher.h"

struct fake_password_hasher {
    struct password_hasher base;
    size_t hash_count;
    size_t check_count;
    enum err fails_with;       /* OK: hashing succeeds */
    enum err check_fails_with; /* OK: so does checking */
};

void fake_password_hasher_init(struct fake_password_hasher *ret);
