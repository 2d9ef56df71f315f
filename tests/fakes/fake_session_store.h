/* Sessions in memory, for tests: what is stored can be looked at. They do not expire by themselves.
 */
#pragma once

#include "ports/session_store.h"

enum { FAKE_SESSIONS_MAX = 32 };

struct fake_session {
    char digest[DIGEST_HEX_SIZE];
    int64_t id;
    int64_t user_id;
    int64_t last_seen_at; /* as ctx->now_us was */
    bool is_expired;
};

struct fake_session_store {
    struct session_store base;
    struct fake_session sessions[FAKE_SESSIONS_MAX];
    size_t count;
    int64_t last_id;
    int64_t clock; /* one later with every session that starts and every end of all of a user's */
    struct {
        int64_t user_id;
        int64_t clock;
    } ends[FAKE_SESSIONS_MAX]; /* of all of a user's sessions */
    size_t end_count;
    enum err fails_with; /* OK: it works */
};

void fake_session_store_init(struct fake_session_store *ret);
/* Start a session, or start it anew, without asking. */
void fake_session_store_add(struct fake_session_store *store, const char *digest, int64_t user_id);
/* End one without asking; NULL, and one that is not there, has ended. */
void fake_session_store_remove(struct fake_session_store *store, const char *digest);
/* When all sessions of this user were last ended, by the store's clock; 0: never. */
int64_t fake_session_store_ended(const struct fake_session_store *store, int64_t user_id);
/* The session of this digest, or NULL. */
struct fake_session *fake_session_store_get(struct fake_session_store *store, const char *digest);
