/* Sessions in PostgreSQL. */

#include "postgres_session_store.h"

#include <stdlib.h>

#include "common/core/memory.h"

static const struct postgres_statement start = {
    "session_start",
    "INSERT INTO sessions (digest, user_id, expires_at)"
    " SELECT $1, id, now() + $3::int8 * interval '1 hour' FROM users WHERE id = $2 AND is_active"
    " ON CONFLICT (digest) DO UPDATE SET user_id = excluded.user_id,"
    " created_at = excluded.created_at, expires_at = excluded.expires_at"};

static const struct postgres_statement end = {"session_end",
                                              "DELETE FROM sessions WHERE digest = $1"};

struct postgres_session_store {
    struct session_store base;
    struct postgres *db;
    int64_t session_lifetime_hours;
};

enum err postgres_session_start(struct postgres *db, const char *digest, int64_t user_id,
                                int64_t session_lifetime_hours)
{
    struct postgres_parameters parameters = {0};
    postgres_add_digest(&parameters, digest);
    postgres_add_int64(&parameters, user_id);
    postgres_add_int64(&parameters, session_lifetime_hours);
    return postgres_execute(db, &start, &parameters, NULL);
}

enum err postgres_session_replace(struct postgres *db, const char *old_digest, const char *digest,
                                  int64_t user_id, int64_t session_lifetime_hours)
{
    struct postgres_parameters old = {0};
    postgres_add_digest(&old, old_digest);
    postgres_queue(db, &end, &old);
    return postgres_session_start(db, digest, user_id, session_lifetime_hours);
}

static enum err start_session(struct session_store *self, struct ctx *ctx, const char *digest,
                              int64_t user_id)
{
    struct postgres_session_store *store = (struct postgres_session_store *)self;
    return postgres_ctx_fail(
        ctx, postgres_session_start(store->db, digest, user_id, store->session_lifetime_hours));
}

static enum err end_session(struct session_store *self, struct ctx *ctx, const char *digest)
{
    struct postgres_session_store *store = (struct postgres_session_store *)self;
    struct postgres_parameters parameters = {0};
    postgres_add_digest(&parameters, digest);
    return postgres_ctx_fail(ctx, postgres_execute(store->db, &end, &parameters, NULL));
}

static const struct session_store_ops ops = {.start = start_session, .end = end_session};

struct session_store *postgres_session_store_new(struct postgres *db,
                                                 int64_t session_lifetime_hours)
{
    struct postgres_session_store *store = memory_new(1, sizeof(*store));
    store->base.ops = &ops;
    store->db = db;
    store->session_lifetime_hours = session_lifetime_hours;
    return &store->base;
}

void postgres_session_store_free(struct session_store *store)
{
    free(store);
}
