/* Users in memory, for tests: what is stored can be looked at, and added without asking. */
#pragma once

#include "ports/user_store.h"

enum { FAKE_USERS_MAX = 256, FAKE_EMAIL_SIZE = 256, FAKE_HASH_SIZE = 256, FAKE_LANGUAGE_SIZE = 64 };

struct fake_user {
    int64_t id;
    char email[FAKE_EMAIL_SIZE];
    char password_hash[FAKE_HASH_SIZE];
    bool is_active;
    bool is_staff;
    bool is_superuser;
    char language[FAKE_LANGUAGE_SIZE]; /* "": none */
    int64_t last_login;                /* the ctx's now_us; 0: never */
    int64_t created_at;
};

struct fake_user_store {
    struct user_store base;
    struct fake_user users[FAKE_USERS_MAX];
    size_t count;
    int64_t last_id;
    enum err fails_with; /* OK: it works */
};

void fake_user_store_init(struct fake_user_store *ret);
/* An active user with this address; valid as long as the store. */
struct fake_user *fake_user_store_add(struct fake_user_store *store, const char *email);
/* The user of this id, or NULL. */
struct fake_user *fake_user_store_get(struct fake_user_store *store, int64_t id);
