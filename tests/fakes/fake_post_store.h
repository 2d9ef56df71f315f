/* Posts in memory, for tests: what is stored can be looked at, and added without asking. */
#pragma once

#include "ports/post_store.h"
#include "tests/fakes/fake_user_store.h"

enum { FAKE_POSTS_MAX = 32, FAKE_TITLE_SIZE = 1024, FAKE_CONTENT_SIZE = 4096 };

struct fake_post {
    int64_t id;
    int64_t author_id;
    char title[FAKE_TITLE_SIZE];
    char content[FAKE_CONTENT_SIZE];
    enum post_status status;
    int64_t created_at;
    int64_t updated_at;
};

struct fake_post_store {
    struct post_store base;
    struct fake_user_store *users; /* the authors; NULL: everybody is author@example.com */
    struct fake_post posts[FAKE_POSTS_MAX];
    size_t count;
    int64_t last_id;
    int64_t clock_us;    /* a second later with every change */
    enum err fails_with; /* OK: it works */
};

void fake_post_store_init(struct fake_post_store *ret, struct fake_user_store *users);
/* A post with this title and some content; valid until one is removed. */
struct fake_post *fake_post_store_add(struct fake_post_store *store, int64_t author_id,
                                      const char *title, enum post_status status);
/* The post of this id, or NULL. */
struct fake_post *fake_post_store_get(struct fake_post_store *store, int64_t id);
