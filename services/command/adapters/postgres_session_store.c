/* Sessions in PostgreSQL. */

#include "postgres_session_store.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/core/memory.h"

/* $1 digest, $2 user, $3 and $4 hours, $5 address. The user's row is locked: whoever ends all of
 * the user's sessions comes before this one, and is heeded, or after it, and ends it, too. */
#define INSERT_SESSION                                                                             \
    "INSERT INTO sessions (digest, user_id, ends_at, expires_at, client_address)"                  \
    " SELECT $1, u.id, now() + $3::int8 * interval '1 hour',"                                      \
    " now() + least($3::int8, $4::int8) * interval '1 hour', $5 FROM users u"                      \
    " WHERE u.id = $2 AND u.is_active"
#define OR_START_IT_ANEW                                                                           \
    " FOR SHARE OF u ON CONFLICT (digest) DO UPDATE SET user_id = excluded.user_id,"               \
    " created_at = excluded.created_at, last_seen_at = excluded.last_seen_at,"                     \
    " ends_at = excluded.ends_at, expires_at = excluded.expires_at,"                               \
    " client_address = excluded.client_address"

static const struct postgres_statement start = {"session_start", INSERT_SESSION OR_START_IT_ANEW};

/* $6 message_id of the login */
static const struct postgres_statement start_again = {
    "session_start_again", INSERT_SESSION
    " AND NOT EXISTS (SELECT FROM inbox i WHERE i.message_id = $6"
    " AND coalesce(i.session_started_at, i.created_at) < u.sessions_ended_at)" OR_START_IT_ANEW};

static const struct postgres_statement end = {"session_end",
                                              "DELETE FROM sessions WHERE digest = $1"};
static const struct postgres_statement end_one = {
    "session_end_one", "DELETE FROM sessions WHERE user_id = $1 AND id = $2"};
static const struct postgres_statement end_others = {
    "session_end_others", "DELETE FROM sessions WHERE user_id = $1 AND digest IS DISTINCT FROM $2"};
static const struct postgres_statement note_end_of_all = {
    "session_note_end_of_all",
    "UPDATE users SET sessions_ended_at = clock_timestamp() WHERE id = $1"};

/* $1 digest, $2 hours, $3 address */
static const struct postgres_statement touch = {
    "session_touch", "UPDATE sessions SET last_seen_at = now(),"
                     " expires_at = least(ends_at, now() + $2::int8 * interval '1 hour'),"
                     " client_address = coalesce($3, client_address) WHERE digest = $1"
                     " AND expires_at > now() AND last_seen_at < now() - interval '5 minutes'"};

struct postgres_session_store {
    struct session_store base;
    struct postgres *db;
    struct session_lifetime lifetime;
};

static struct postgres_session_store *store_of(struct session_store *self)
{
    return (struct postgres_session_store *)self;
}

static void add_session(struct postgres_parameters *parameters, const char *digest, int64_t user_id,
                        const struct session_lifetime *lifetime, const char *client_address)
{
    postgres_add_digest(parameters, digest);
    postgres_add_int64(parameters, user_id);
    postgres_add_int64(parameters, lifetime->hours);
    postgres_add_int64(parameters, lifetime->idle_hours);
    postgres_add_text(parameters, client_address);
}

enum err postgres_session_start_again(struct postgres *db, const struct envelope *envelope,
                                      const struct session_repetition *repetition,
                                      const struct session_lifetime *lifetime)
{
    struct postgres_parameters old = {0};
    struct postgres_parameters parameters = {0};
    postgres_add_digest(&old, envelope->session);
    postgres_queue(db, &end, &old);
    add_session(&parameters, envelope->new_session, repetition->user_id, lifetime,
                envelope->client_address);
    postgres_add_text(&parameters, repetition->message_id);
    return postgres_execute(db, &start_again, &parameters, NULL);
}

static enum err start_session(struct session_store *self, struct ctx *ctx, const char *digest,
                              int64_t user_id)
{
    struct postgres_session_store *store = store_of(self);
    struct postgres_parameters parameters = {0};
    add_session(&parameters, digest, user_id, &store->lifetime, ctx->client_address);
    return postgres_ctx_fail(ctx, postgres_execute(store->db, &start, &parameters, NULL));
}

static enum err end_session(struct session_store *self, struct ctx *ctx, const char *digest)
{
    struct postgres_parameters parameters = {0};
    postgres_add_digest(&parameters, digest);
    return postgres_ctx_fail(ctx, postgres_execute(store_of(self)->db, &end, &parameters, NULL));
}

static enum err end_one_session(struct session_store *self, struct ctx *ctx, int64_t user_id,
                                int64_t id)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, user_id);
    postgres_add_int64(&parameters, id);
    const struct pg_result *deleted;
    TRY(postgres_ctx_fail(ctx,
                          postgres_execute(store_of(self)->db, &end_one, &parameters, &deleted)));
    if (postgres_affected(deleted) == 0) {
        return ctx_fail(ctx, ERR_NOT_FOUND, "no session %" PRId64, id);
    }
    return OK;
}

static enum err end_other_sessions(struct session_store *self, struct ctx *ctx, int64_t user_id,
                                   const char *digest)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, user_id);
    postgres_add_digest(&parameters, digest);
    return postgres_ctx_fail(ctx,
                             postgres_execute(store_of(self)->db, &end_others, &parameters, NULL));
}

/* Locks the user's row first: what is deleted are the sessions that are there then. */
static enum err end_all_sessions(struct session_store *self, struct ctx *ctx, int64_t user_id)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, user_id);
    postgres_queue(store_of(self)->db, &note_end_of_all, &parameters);
    return end_other_sessions(self, ctx, user_id, NULL);
}

static enum err touch_session(struct session_store *self, struct ctx *ctx, const char *digest)
{
    struct postgres_session_store *store = store_of(self);
    struct postgres_parameters parameters = {0};
    postgres_add_digest(&parameters, digest);
    postgres_add_int64(&parameters, store->lifetime.idle_hours);
    postgres_add_text(&parameters, ctx->client_address);
    return postgres_ctx_fail(ctx, postgres_execute(store->db, &touch, &parameters, NULL));
}

static const struct session_store_ops ops = {
    .start = start_session,
    .end = end_session,
    .end_one = end_one_session,
    .end_others = end_other_sessions,
    .end_all = end_all_sessions,
    .touch = touch_session,
};

struct session_store *postgres_session_store_new(struct postgres *db,
                                                 const struct session_lifetime *lifetime)
{
    struct postgres_session_store *store = memory_new(1, sizeof(*store));
    store->base.ops = &ops;
    store->db = db;
    store->lifetime = *lifetime;
    return &store->base;
}

void postgres_session_store_free(struct session_store *store)
{
    free(store);
}
