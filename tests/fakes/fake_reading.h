/* Who acts, from memory, for tests. */
#pragma once

#include "reading.h"

enum { FAKE_CALLERS_MAX = 32 };

/* Somebody who may act: by user id and, when `session` is not "", by that session. */
struct fake_caller {
    int64_t user_id;
    char session[DIGEST_HEX_SIZE];
    bool is_active; /* of the user */
    bool is_staff;
    bool is_superuser;
    bool is_session_expired;
};

struct fake_reading {
    struct reading base;
    struct fake_caller callers[FAKE_CALLERS_MAX];
    size_t count;
    enum err fails_with; /* OK: it works */
    bool has_timed_out;
};

void fake_reading_init(struct fake_reading *ret);
/* An active user with a session (or NULL); valid as long as the reading. */
struct fake_caller *fake_reading_add(struct fake_reading *reading, int64_t user_id,
                                     const char *session);
