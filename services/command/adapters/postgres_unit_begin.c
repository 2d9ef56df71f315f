/* The beginning of a unit: who acts, and whose identity is it? One round trip for a new message. */

#include <string.h>

#include "common/contract/contract.h"
#include "postgres_session_store.h"
#include "postgres_unit_internal.h"

static const struct postgres_statement begin = {"unit_begin",
                                                "BEGIN ISOLATION LEVEL READ COMMITTED"};
static const struct postgres_statement savepoint = {"unit_savepoint", "SAVEPOINT effect"};
static const struct postgres_statement rollback = {"unit_rollback", "ROLLBACK"};

/* $1 message_id, $2 name, $3 fingerprint, $4 session, and $5 user id where one is claimed */
#define TAKE_IDENTITY                                                                              \
    ", taken AS (INSERT INTO inbox (message_id, name, fingerprint, session, user_id)"              \
    " VALUES ($1, $2, $3, $4, (SELECT id FROM caller))"                                            \
    " ON CONFLICT (message_id) DO NOTHING RETURNING 1)"                                            \
    " SELECT (SELECT id FROM caller), EXISTS (SELECT FROM taken)"

static const struct postgres_statement take_by_session = {
    "unit_take_by_session",
    "WITH caller AS (SELECT u.id FROM sessions s JOIN users u ON u.id = s.user_id"
    " WHERE s.digest = $4 AND s.expires_at > now() AND u.is_active)" TAKE_IDENTITY};

static const struct postgres_statement take_by_user = {
    "unit_take_by_user",
    "WITH caller AS (SELECT id FROM users WHERE id = $5 AND is_active)" TAKE_IDENTITY};

static const struct postgres_statement take_by_nobody = {
    "unit_take_by_nobody", "WITH caller AS (SELECT NULL::bigint AS id)" TAKE_IDENTITY};

/* A statement of its own, after the one that has waited for the identity: it sees what the other
 * has committed. */
static const struct postgres_statement find_stored = {
    "unit_find_stored",
    "SELECT coalesce(name = $2 AND fingerprint = $3 AND (user_id = $4 OR session = $5"
    " OR (user_id IS NULL AND $4 IS NULL AND session IS NULL AND $5 IS NULL)), false),"
    " error, body, session_user_id FROM inbox WHERE message_id = $1"};

static void add_identity(struct postgres_parameters *parameters, const struct ctx *ctx,
                         const struct envelope *envelope,
                         const unsigned char fingerprint[FINGERPRINT_SIZE])
{
    postgres_add_text(parameters, envelope->message_id);
    postgres_add_text(parameters, ctx->contract->name);
    postgres_add_bytes(parameters, fingerprint, FINGERPRINT_SIZE);
}

static void queue_take(struct postgres *db, const struct ctx *ctx, const struct envelope *envelope,
                       const unsigned char fingerprint[FINGERPRINT_SIZE])
{
    struct postgres_parameters parameters = {0};
    add_identity(&parameters, ctx, envelope, fingerprint);
    postgres_add_digest(&parameters, envelope->session);
    if (envelope->session != NULL) {
        postgres_queue(db, &take_by_session, &parameters);
        return;
    }
    if (envelope->has_user_id) {
        postgres_add_int64(&parameters, envelope->user_id);
        postgres_queue(db, &take_by_user, &parameters);
        return;
    }
    postgres_queue(db, &take_by_nobody, &parameters);
}

/* A repeated login: its sender holds a new token and not the one of the first time. */
static enum err start_session_again(struct postgres_unit *unit, const struct ctx *ctx,
                                    const struct envelope *envelope, int64_t session_user_id)
{
    if (ctx->contract->session != SESSION_STARTS || envelope->new_session == NULL ||
        session_user_id == NOBODY) {
        return OK;
    }
    return postgres_session_start(unit->db, envelope->new_session, session_user_id,
                                  unit->session_lifetime_hours);
}

/* Reads the stored outcome and ends the transaction. */
static enum err replay(struct postgres_unit *unit, struct ctx *ctx, const struct envelope *envelope,
                       const unsigned char fingerprint[FINGERPRINT_SIZE],
                       enum unit_state *ret_state, struct outcome *ret_stored)
{
    struct postgres_parameters parameters = {0};
    add_identity(&parameters, ctx, envelope, fingerprint);
    postgres_add_id(&parameters, ctx->user_id);
    postgres_add_digest(&parameters, envelope->session);
    postgres_queue(unit->db, &find_stored, &parameters);
    postgres_queue(unit->db, &rollback, NULL);
    TRY(postgres_run(unit->db));
    const struct pg_result *stored = postgres_result(unit->db, 0);
    if (postgres_row_count(stored) == 0) {
        return ERR_UNAVAILABLE; /* it expired between the two statements: new the next time */
    }
    if (!postgres_bool(stored, 0, 0)) {
        *ret_state = UNIT_MISMATCH;
        return OK;
    }
    const char *error = postgres_text(stored, 0, 1, ctx->arena);
    const char *body = postgres_text(stored, 0, 2, ctx->arena);
    int64_t session_user_id = postgres_int64(stored, 0, 3);
    *ret_stored = (struct outcome){
        .err = error == NULL ? OK : err_from_code(error),
        .body = body == NULL ? "" : body,
        .body_size = body == NULL ? 0 : strlen(body),
    };
    if (error != NULL && ret_stored->err == OK) {
        return ERR_INTERNAL; /* a code of a later release */
    }
    *ret_state = UNIT_REPLAY;
    return error == NULL ? start_session_again(unit, ctx, envelope, session_user_id) : OK;
}

static enum err take(struct postgres_unit *unit, struct ctx *ctx, const struct envelope *envelope,
                     const unsigned char fingerprint[FINGERPRINT_SIZE], enum unit_state *ret_state,
                     struct outcome *ret_stored)
{
    postgres_queue(unit->db, &begin, NULL);
    queue_take(unit->db, ctx, envelope, fingerprint);
    postgres_queue(unit->db, &savepoint, NULL);
    TRY(postgres_run(unit->db));
    const struct pg_result *taken = postgres_result(unit->db, 1);
    ctx->user_id = postgres_int64(taken, 0, 0);
    if (!postgres_bool(taken, 0, 1)) {
        return replay(unit, ctx, envelope, fingerprint, ret_state, ret_stored);
    }
    memcpy(unit->message_id, envelope->message_id, sizeof(unit->message_id));
    *ret_state = UNIT_NEW;
    return OK;
}

enum err postgres_unit_begin(struct unit *self, struct ctx *ctx, const struct envelope *envelope,
                             const unsigned char fingerprint[FINGERPRINT_SIZE],
                             enum unit_state *ret_state, struct outcome *ret_stored)
{
    struct postgres_unit *unit = postgres_unit_of(self);
    postgres_rollback(unit->db);
    enum err err = take(unit, ctx, envelope, fingerprint, ret_state, ret_stored);
    if (err != OK) {
        postgres_rollback(unit->db);
    }
    return postgres_ctx_fail(ctx, err);
}
