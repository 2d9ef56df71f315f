/* The beginning of a unit: who acts, and whose identity is it? One round trip for a new message. */

#include <string.h>

#include "common/contract/contract.h"
#include "common/core/failpoint.h"
#include "postgres_unit_internal.h"

/* How often another may come between reading what is stored and taking its place. */
enum { TAKE_TRIES_MAX = 3 };

static const struct postgres_statement begin = {"unit_begin",
                                                "BEGIN ISOLATION LEVEL READ COMMITTED"};
static const struct postgres_statement savepoint = {"unit_savepoint", "SAVEPOINT effect"};

/* $1 to $4 the identity, $5 idempotency key, and $6 user id where one is claimed. Without a target,
 * as there are two: a message_id and a user's idempotency key. */
#define TAKE_IDENTITY                                                                              \
    ", taken AS (INSERT INTO inbox (message_id, name, fingerprint, session, idempotency_key,"      \
    " user_id) VALUES ($1, $2, $3, $4, $5, (SELECT id FROM caller))"                               \
    " ON CONFLICT DO NOTHING RETURNING 1)"                                                         \
    " SELECT EXISTS (SELECT FROM taken), id, is_staff, is_superuser"                               \
    " FROM (SELECT) one LEFT JOIN caller ON true"

static const struct postgres_statement take_by_session = {
    "unit_take_by_session",
    "WITH caller AS (SELECT u.id, u.is_staff, u.is_superuser FROM sessions s JOIN users u ON u.id "
    "= s.user_id"
    " WHERE s.digest = $4 AND s.expires_at > now() AND u.is_active)" TAKE_IDENTITY};

static const struct postgres_statement take_by_user = {
    "unit_take_by_user", "WITH caller AS (SELECT id, is_staff, is_superuser FROM users WHERE id = "
                         "$6 AND is_active)" TAKE_IDENTITY};

static const struct postgres_statement take_by_nobody = {
    "unit_take_by_nobody", "WITH caller AS (SELECT NULL::bigint AS id, NULL::bool AS is_staff, "
                           "NULL::bool AS is_superuser)" TAKE_IDENTITY};

/* $1 to $4 the identity, $5 idempotency key, $6 user. Waits behind one that is taking it over, too,
 * and looks again. */
static const struct postgres_statement take_over = {
    "unit_take_over",
    "INSERT INTO inbox (message_id, name, fingerprint, session, idempotency_key, user_id)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (message_id) DO UPDATE SET"
    " name = excluded.name, fingerprint = excluded.fingerprint, session = excluded.session,"
    " idempotency_key = excluded.idempotency_key, user_id = excluded.user_id,"
    " session_user_id = NULL, created_at = excluded.created_at, error = NULL, body = NULL,"
    " is_final = true WHERE NOT inbox.is_final RETURNING 1"};

static void queue_take(struct postgres *db, const struct postgres_identity *identity)
{
    const struct envelope *envelope = identity->envelope;
    struct postgres_parameters parameters = {0};
    postgres_add_identity(&parameters, identity);
    postgres_add_digest(&parameters, identity->idempotency_key);
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

static enum err take(struct postgres_unit *unit, const struct postgres_identity *identity,
                     bool *ret_is_taken)
{
    postgres_queue(unit->db, &begin, NULL);
    queue_take(unit->db, identity);
    postgres_queue(unit->db, &savepoint, NULL);
    TRY(postgres_run(unit->db));
    const struct pg_result *taken = postgres_result(unit->db, 1);
    identity->ctx->user_id = postgres_int64(taken, 0, 1);
    identity->ctx->is_staff = postgres_bool(taken, 0, 2);
    identity->ctx->is_superuser = postgres_bool(taken, 0, 3);
    *ret_is_taken = postgres_bool(taken, 0, 0) || failpoint_is_broken(BREAKAGE_IDENTITY);
    return OK;
}

static bool is_key_taken(const struct postgres *db)
{
    const char *constraint = postgres_violated_constraint(db);
    return constraint != NULL && strcmp(constraint, "inbox_idempotency_key") == 0;
}

/* In place of a row that gives way, unless another came first. */
static enum err take_place(struct postgres_unit *unit, const struct postgres_identity *identity,
                           bool *ret_is_taken)
{
    struct postgres_parameters parameters = {0};
    postgres_add_identity(&parameters, identity);
    postgres_add_digest(&parameters, identity->idempotency_key);
    postgres_add_id(&parameters, identity->ctx->user_id);
    postgres_queue(unit->db, &begin, NULL);
    postgres_queue(unit->db, &take_over, &parameters);
    postgres_queue(unit->db, &savepoint, NULL);
    enum err err = postgres_run(unit->db);
    *ret_is_taken = err == OK && postgres_row_count(postgres_result(unit->db, 1)) == 1;
    if (*ret_is_taken) {
        return OK;
    }
    bool came_second = err == OK || is_key_taken(unit->db);
    postgres_rollback(unit->db);
    return came_second ? OK : err;
}

static enum err take_or_find(struct postgres_unit *unit, const struct postgres_identity *identity,
                             enum unit_state *ret_state, struct outcome *ret_stored)
{
    for (int i = 0; i < TAKE_TRIES_MAX; i++) {
        bool is_taken;
        struct postgres_stored stored = {0};
        TRY(take(unit, identity, &is_taken));
        if (!is_taken) {
            TRY(postgres_unit_find(unit, identity, &stored));
        }
        if (!is_taken && stored.is_there && !stored.is_final) {
            TRY(take_place(unit, identity, &is_taken));
        }
        if (is_taken) {
            memcpy(unit->message_id, identity->envelope->message_id, sizeof(unit->message_id));
            *ret_state = UNIT_NEW;
            return OK;
        }
        if (stored.is_there && stored.is_final) {
            *ret_state = stored.is_same ? UNIT_REPLAY : UNIT_MISMATCH;
            *ret_stored = stored.outcome;
            return stored.is_same ? postgres_unit_replay(unit, identity, &stored) : OK;
        }
    }
    return ERR_UNAVAILABLE;
}

enum err postgres_unit_begin(struct unit *self, struct ctx *ctx, const struct envelope *envelope,
                             const unsigned char fingerprint[FINGERPRINT_SIZE],
                             enum unit_state *ret_state, struct outcome *ret_stored)
{
    struct postgres_unit *unit = postgres_unit_of(self);
    const struct postgres_identity identity = {
        .ctx = ctx,
        .envelope = envelope,
        .fingerprint = fingerprint,
        .idempotency_key =
            ctx->contract->session == SESSION_UNTOUCHED ? envelope->idempotency_key : NULL,
    };
    postgres_rollback(unit->db);
    enum err err = take_or_find(unit, &identity, ret_state, ret_stored);
    if (err != OK) {
        postgres_rollback(unit->db);
    }
    return postgres_ctx_fail(ctx, err);
}
