/* Sessions to be read, in memory, for tests. */
#pragma once

#include "ports/session_reader.h"

enum { FAKE_READ_SESSIONS_MAX = 32 };

struct fake_read_session {
    int64_t id;
    int64_t user_id;
    char digest[DIGEST_HEX_SIZE];
    int64_t created_at;
    int64_t last_seen_at;
    int64_t expires_at;
    const char *client_address; /* static, or NULL */
    bool is_expired;
};

struct fake_session_reader {
    struct session_reader base;
    struct fake_read_session sessions[FAKE_READ_SESSIONS_MAX];
    size_t count;
    enum err fails_with; /* OK: it works */
};

void fake_session_reader_init(struct fake_session_reader *ret);
/* A session of this user; valid as long as the reader. Ids begin at 1. */
struct fake_read_session *fake_session_reader_add(struct fake_session_reader *reader,
                                                  int64_t user_id, const char *digest);
/* The session of this digest, or NULL. */
struct fake_read_session *fake_session_reader_get(struct fake_session_reader *reader,
                                                  const char *digest);
