/* Sessions in memory. */

#include "tests/fakes/fake_session_store.h"

#include <string.h>

#include "tests/fakes/fake_text.h"

static enum err fake_start(struct session_store *base, struct ctx *ctx, const char *digest,
                           int64_t user_id)
{
    (void)ctx;
    struct fake_session_store *store = (struct fake_session_store *)base;
    TRY(store->fails_with);
    fake_session_store_add(store, digest, user_id);
    return OK;
}

static enum err fake_end(struct session_store *base, struct ctx *ctx, const char *digest)
{
    (void)ctx;
    struct fake_session_store *store = (struct fake_session_store *)base;
    TRY(store->fails_with);
    fake_session_store_remove(store, digest);
    return OK;
}

static const struct session_store_ops fake_ops = {.start = fake_start, .end = fake_end};

void fake_session_store_init(struct fake_session_store *ret)
{
    *ret = (struct fake_session_store){.base.ops = &fake_ops};
}

void fake_session_store_add(struct fake_session_store *store, const char *digest, int64_t user_id)
{
    struct fake_session *session = fake_session_store_get(store, digest);
    if (session == NULL) {
        assert(store->count < FAKE_SESSIONS_MAX);
        session = &store->sessions[store->count++];
    }
    *session = (struct fake_session){.user_id = user_id};
    fake_text_copy(session->digest, sizeof(session->digest), digest);
}

void fake_session_store_remove(struct fake_session_store *store, const char *digest)
{
    struct fake_session *session = digest == NULL ? NULL : fake_session_store_get(store, digest);
    if (session != NULL) {
        *session = store->sessions[--store->count];
    }
}

struct fake_session *fake_session_store_get(struct fake_session_store *store, const char *digest)
{
    for (size_t i = 0; i < store->count; i++) {
        if (strcmp(store->sessions[i].digest, digest) == 0) {
            return &store->sessions[i];
        }
    }
    return NULL;
}
