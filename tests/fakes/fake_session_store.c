/* Sessions in memory. */

#include "tests/fakes/fake_session_store.h"

#include <inttypes.h>
#include <string.h>

#include "tests/fakes/fake_text.h"

#define FIVE_MINUTES_US (300 * INT64_C(1000000))

static enum err fake_start(struct session_store *base, struct ctx *ctx, const char *digest,
                           int64_t user_id)
{
    struct fake_session_store *store = (struct fake_session_store *)base;
    TRY(store->fails_with);
    fake_session_store_add(store, digest, user_id);
    fake_session_store_get(store, digest)->last_seen_at = ctx->now_us;
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

static enum err fake_end_one(struct session_store *base, struct ctx *ctx, int64_t user_id,
                             int64_t id)
{
    struct fake_session_store *store = (struct fake_session_store *)base;
    TRY(store->fails_with);
    for (size_t i = 0; i < store->count; i++) {
        if (store->sessions[i].user_id == user_id && store->sessions[i].id == id) {
            fake_session_store_remove(store, store->sessions[i].digest);
            return OK;
        }
    }
    return ctx_fail(ctx, ERR_NOT_FOUND, "no session %" PRId64, id);
}

static enum err fake_end_others(struct session_store *base, struct ctx *ctx, int64_t user_id,
                                const char *digest)
{
    (void)ctx;
    struct fake_session_store *store = (struct fake_session_store *)base;
    TRY(store->fails_with);
    for (size_t i = store->count; i-- > 0;) {
        const struct fake_session *session = &store->sessions[i];
        if (session->user_id == user_id &&
            (digest == NULL || strcmp(session->digest, digest) != 0)) {
            fake_session_store_remove(store, session->digest);
        }
    }
    return OK;
}

static enum err fake_end_all(struct session_store *base, struct ctx *ctx, int64_t user_id)
{
    struct fake_session_store *store = (struct fake_session_store *)base;
    TRY(fake_end_others(base, ctx, user_id, NULL));
    assert(store->end_count < FAKE_SESSIONS_MAX);
    store->ends[store->end_count].user_id = user_id;
    store->ends[store->end_count++].clock = ++store->clock;
    return OK;
}

static enum err fake_touch(struct session_store *base, struct ctx *ctx, const char *digest)
{
    struct fake_session_store *store = (struct fake_session_store *)base;
    TRY(store->fails_with);
    struct fake_session *session = fake_session_store_get(store, digest);
    if (session != NULL && !session->is_expired &&
        ctx->now_us - session->last_seen_at > FIVE_MINUTES_US) {
        session->last_seen_at = ctx->now_us;
    }
    return OK;
}

static const struct session_store_ops fake_ops = {
    .start = fake_start,
    .end = fake_end,
    .end_one = fake_end_one,
    .end_others = fake_end_others,
    .end_all = fake_end_all,
    .touch = fake_touch,
};

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
    *session = (struct fake_session){.id = ++store->last_id, .user_id = user_id};
    store->clock++;
    fake_text_copy(session->digest, sizeof(session->digest), digest);
}

void fake_session_store_remove(struct fake_session_store *store, const char *digest)
{
    struct fake_session *session = digest == NULL ? NULL : fake_session_store_get(store, digest);
    if (session != NULL) {
        *session = store->sessions[--store->count];
    }
}

int64_t fake_session_store_ended(const struct fake_session_store *store, int64_t user_id)
{
    int64_t ended = 0;
    for (size_t i = 0; i < store->end_count; i++) {
        ended = store->ends[i].user_id == user_id ? store->ends[i].clock : ended;
    }
    return ended;
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
