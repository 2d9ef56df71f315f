/* Users to be read, in memory, for tests. */
#pragma once

#include "ports/user_reader.h"

enum { FAKE_READ_USERS_MAX = 32, FAKE_READ_EMAIL_SIZE = 256 };

struct fake_read_user {
    int64_t id;
    char email[FAKE_READ_EMAIL_SIZE];
    bool is_staff;
    bool is_superuser;
    bool is_active;
    int64_t last_login; /* 0: never */
    int64_t created_at;
};

struct fake_user_reader {
    struct user_reader base;
    struct fake_read_user users[FAKE_READ_USERS_MAX];
    size_t count;
    enum err fails_with; /* OK: it works */
};

void fake_user_reader_init(struct fake_user_reader *ret);
/* An active user; valid as long as the reader. */
struct fake_read_user *fake_user_reader_add(struct fake_user_reader *reader, int64_t id,
                                            const char *email);
/* The user of this id, or NULL. */
struct fake_read_user *fake_user_reader_get(struct fake_user_reader *reader, int64_t id);
