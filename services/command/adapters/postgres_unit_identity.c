/* What is stored under an identity, and what a repeat of it does. */

#include <string.h>

#include "common/contract/contract.h"
#include "postgres_unit_internal.h"

static const struct postgres_statement rollback = {"unit_rollback", "ROLLBACK"};

/* A statement of its own, after the one that has waited for the identity: it sees what the other
 * has committed. $1 to $4 the identity, $5 user, $6 idempotency key, $7 does any sender do? */
static const struct postgres_statement find_stored = {
    "unit_find_stored",
    "SELECT message_id = $1, is_final,"
    " coalesce(name = $2 AND (fingerprint = $3 OR fingerprint IS NULL)"
    " AND ($7 OR user_id = $5 OR session = $4"
    " OR (user_id IS NULL AND $5 IS NULL AND session IS NULL AND $4 IS NULL)), false),"
    " session_user_id, error, body FROM inbox"
    " WHERE message_id = $1 OR (user_id = $5 AND idempotency_key = $6)"
    " ORDER BY is_final DESC, message_id = $1 DESC LIMIT 1"};

/* $1 new message_id, $2 its session, $3 user, $4 idempotency key */
static const struct postgres_statement store_alias = {
    "unit_store_alias",
    "INSERT INTO inbox (message_id, session, user_id, name, fingerprint, error, body)"
    " SELECT $1::uuid, $2::bytea, user_id, name, fingerprint, error, body FROM inbox"
    " WHERE user_id = $3 AND idempotency_key = $4"
    " ON CONFLICT (message_id) DO UPDATE SET session = excluded.session,"
    " user_id = excluded.user_id, session_user_id = NULL, created_at = excluded.created_at,"
    " name = excluded.name, fingerprint = excluded.fingerprint, error = excluded.error,"
    " body = excluded.body, is_final = true WHERE NOT inbox.is_final"};

void postgres_add_identity(struct postgres_parameters *parameters,
                           const struct postgres_identity *identity)
{
    postgres_add_text(parameters, identity->envelope->message_id);
    postgres_add_text(parameters, identity->ctx->contract->name);
    postgres_add_bytes(parameters, identity->fingerprint,
                       identity->fingerprint == NULL ? 0 : FINGERPRINT_SIZE);
    postgres_add_digest(parameters, identity->envelope->session);
}

/* Whoever signs in is nobody yet; only with a key is his message known for the same. */
static bool may_anybody_repeat(const struct postgres_identity *identity)
{
    const struct contract *contract = identity->ctx->contract;
    return contract->session == SESSION_STARTS && contract->caller == CALLER_ANYBODY &&
           identity->envelope->idempotency_key != NULL;
}

static enum err read_outcome(const struct pg_result *row, int first_column, struct arena *arena,
                             struct outcome *ret)
{
    const char *error = postgres_text(row, 0, first_column, arena);
    const char *body = postgres_text(row, 0, first_column + 1, arena);
    *ret = (struct outcome){
        .err = error == NULL ? OK : err_from_code(error),
        .body = body == NULL ? "" : body,
        .body_size = body == NULL ? 0 : strlen(body),
    };
    return error != NULL && ret->err == OK ? ERR_INTERNAL : OK;
}

enum err postgres_unit_find(struct postgres_unit *unit, const struct postgres_identity *identity,
                            struct postgres_stored *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_identity(&parameters, identity);
    postgres_add_id(&parameters, identity->ctx->user_id);
    postgres_add_digest(&parameters, identity->idempotency_key);
    postgres_add_bool(&parameters, may_anybody_repeat(identity));
    postgres_queue(unit->db, &find_stored, &parameters);
    postgres_queue(unit->db, &rollback, NULL);
    TRY(postgres_run(unit->db));
    const struct pg_result *row = postgres_result(unit->db, 0);
    if (postgres_row_count(row) == 0) {
        return OK; /* it has gone between the two statements */
    }
    ret->is_there = true;
    ret->is_own = postgres_bool(row, 0, 0);
    ret->is_final = postgres_bool(row, 0, 1);
    ret->is_same = postgres_bool(row, 0, 2);
    ret->session_user_id = postgres_int64(row, 0, 3);
    return ret->is_final && ret->is_same ? read_outcome(row, 4, identity->ctx->arena, &ret->outcome)
                                         : OK;
}

/* A repeated login: its sender holds a new token and not the one of the first time. */
static enum err start_session_again(struct postgres_unit *unit,
                                    const struct postgres_identity *identity,
                                    int64_t session_user_id)
{
    const struct envelope *envelope = identity->envelope;
    if (identity->ctx->contract->session != SESSION_STARTS || envelope->new_session == NULL ||
        session_user_id == NOBODY) {
        return OK;
    }
    const struct session_repetition repetition = {envelope->message_id, session_user_id};
    return postgres_session_start_again(unit->db, envelope, &repetition, &unit->session_lifetime);
}

static enum err keep_alias(struct postgres_unit *unit, const struct postgres_identity *identity)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, identity->envelope->message_id);
    postgres_add_digest(&parameters, identity->envelope->session);
    postgres_add_id(&parameters, identity->ctx->user_id);
    postgres_add_digest(&parameters, identity->idempotency_key);
    return postgres_execute(unit->db, &store_alias, &parameters, NULL);
}

enum err postgres_unit_replay(struct postgres_unit *unit, const struct postgres_identity *identity,
                              const struct postgres_stored *stored)
{
    if (!stored->is_own) {
        return keep_alias(unit, identity);
    }
    return stored->outcome.err == OK ? start_session_again(unit, identity, stored->session_user_id)
                                     : OK;
}
