/* Failed logins in memory, for tests: time stands still unless it is moved on. */
#pragma once

#include "common/core/network.h"
#include "ports/login_attempts.h"

enum { FAKE_ATTEMPTS_MAX = 256, FAKE_ACCOUNT_SIZE = 256 };

struct fake_attempts {
    enum attempts_of of;
    char account[FAKE_ACCOUNT_SIZE]; /* "": any */
    char network[NETWORK_SIZE];      /* "": any, or unknown */
    struct attempts counted;
};

struct fake_login_attempts {
    struct login_attempts base;
    struct fake_attempts attempts[FAKE_ATTEMPTS_MAX];
    size_t count;
    enum err fails_with; /* OK: it works */
};

void fake_login_attempts_init(struct fake_login_attempts *ret);
void fake_login_attempts_pass(struct fake_login_attempts *attempts, int64_t time_ms);
