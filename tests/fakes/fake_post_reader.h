/* Posts to be read, in memory, for tests. */
#pragma once

#include "ports/post_reader.h"

enum { FAKE_READ_POSTS_MAX = 128, FAKE_READ_TEXT_SIZE = 1024 };

struct fake_read_post {
    int64_t id;
    char title[FAKE_READ_TEXT_SIZE];
    char content[FAKE_READ_TEXT_SIZE];
    char author_email[FAKE_READ_TEXT_SIZE];
    int64_t author_id;
    enum post_status status;
    int64_t created_at;
    int64_t updated_at;
};

struct fake_post_reader {
    struct post_reader base;
    struct fake_read_post posts[FAKE_READ_POSTS_MAX];
    size_t count;
    int64_t last_id;
    int64_t clock_us;    /* a second later with every post */
    enum err fails_with; /* OK: it works */
};

void fake_post_reader_init(struct fake_post_reader *ret);
/* A post by author<id>@example.com, newer than those before it; valid until one is removed. */
struct fake_read_post *fake_post_reader_add(struct fake_post_reader *reader, int64_t author_id,
                                            const char *title, enum post_status status);
void fake_post_reader_remove(struct fake_post_reader *reader, int64_t id);
