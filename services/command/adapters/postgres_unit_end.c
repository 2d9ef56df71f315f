/* The end of a unit: outcome, outgoing messages and effect in one commit, one round trip; or just a
 * note of how it failed. */

#include "common/contract/contract.h"
#include "common/core/failpoint.h"
#include "common/core/outgoing.h"
#include "postgres_unit_internal.h"

static const struct postgres_statement store_outcome = {
    "unit_store_outcome",
    "UPDATE inbox SET error = $2, body = $3, session_user_id = $4,"
    " session_started_at = CASE WHEN $4::int8 IS NOT NULL THEN clock_timestamp() END"
    " WHERE message_id = $1"};
static const struct postgres_statement store_outgoing = {
    "unit_store_outgoing",
    "INSERT INTO outbox (message_id, name, body, traceparent, language, deadline)"
    " VALUES ($1, $2, $3, $4, $5, $6)"};
/* $1 to $4 the identity, $5 user, $6 error, $7 problem */
static const struct postgres_statement note_failure = {
    "unit_note_failure",
    "INSERT INTO inbox (message_id, name, fingerprint, session, user_id, error, body, is_final)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, false) ON CONFLICT DO NOTHING"};
static const struct postgres_statement undo = {"unit_undo", "ROLLBACK TO SAVEPOINT effect"};
static const struct postgres_statement commit = {"unit_commit", "COMMIT"};

static void queue_outcome(struct postgres_unit *unit, const struct outcome *outcome,
                          int64_t session_user_id)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, unit->message_id);
    postgres_add_text(&parameters, outcome->err == OK ? NULL : err_info(outcome->err)->code);
    postgres_add_bytes(&parameters, outcome->body, outcome->body_size);
    postgres_add_id(&parameters, session_user_id);
    postgres_queue(unit->db, &store_outcome, &parameters);
}

static void queue_outgoing(struct postgres *db, const struct ctx *ctx,
                           const struct outgoing *outgoing)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, outgoing->message_id);
    postgres_add_text(&parameters, outgoing->contract->name);
    postgres_add_bytes(&parameters, outgoing->body.data, outgoing->body.size);
    postgres_add_text(&parameters, ctx->traceparent);
    postgres_add_text(&parameters, ctx->language);
    postgres_add_id(&parameters, outgoing->deadline_ms); /* 0 is null */
    postgres_queue(db, &store_outgoing, &parameters);
}

static const struct outgoing *first_outgoing(const struct ctx *ctx)
{
    return failpoint_is_broken(BREAKAGE_OUTBOX) ? NULL : ctx->outgoing;
}

static enum err store_and_commit(struct postgres_unit *unit, const struct ctx *ctx,
                                 const struct outcome *outcome)
{
    queue_outcome(unit, outcome, ctx->session_user_id);
    size_t queued = 1;
    for (const struct outgoing *outgoing = first_outgoing(ctx); outgoing != NULL;
         outgoing = outgoing->next) {
        if (queued == POSTGRES_BATCH_MAX - 1) {
            TRY(postgres_run(unit->db));
            queued = 0;
        }
        queue_outgoing(unit->db, ctx, outgoing);
        queued++;
    }
    postgres_queue(unit->db, &commit, NULL);
    return postgres_run(unit->db);
}

enum err postgres_unit_commit(struct unit *self, struct ctx *ctx, const struct outcome *outcome)
{
    struct postgres_unit *unit = postgres_unit_of(self);
    enum err err = store_and_commit(unit, ctx, outcome);
    postgres_rollback(unit->db);
    return postgres_ctx_fail(ctx, err);
}

/* Undone before anything is left behind: whoever writes that reads the results of a batch of his
 * own. */
static enum err undo_effect(struct postgres_unit *unit, struct ctx *ctx)
{
    postgres_queue(unit->db, &undo, NULL);
    if (ctx->aftermath == NULL) {
        return OK;
    }
    TRY(postgres_run(unit->db));
    return ctx_write_aftermath(ctx);
}

enum err postgres_unit_fail(struct unit *self, struct ctx *ctx, const struct outcome *outcome)
{
    struct postgres_unit *unit = postgres_unit_of(self);
    enum err err = undo_effect(unit, ctx);
    if (err == OK) {
        queue_outcome(unit, outcome, NOBODY);
        postgres_queue(unit->db, &commit, NULL);
        err = postgres_run(unit->db);
    }
    postgres_rollback(unit->db);
    return err == OK ? OK : postgres_ctx_fail(ctx, err);
}

enum err postgres_unit_note_failure(struct unit *self, struct ctx *ctx,
                                    const struct envelope *envelope,
                                    const unsigned char fingerprint[FINGERPRINT_SIZE],
                                    const struct outcome *outcome)
{
    struct postgres *db = postgres_unit_of(self)->db;
    const struct postgres_identity identity = {
        .ctx = ctx, .envelope = envelope, .fingerprint = fingerprint};
    postgres_rollback(db);
    struct postgres_parameters parameters = {0};
    postgres_add_identity(&parameters, &identity);
    postgres_add_id(&parameters, ctx->user_id);
    postgres_add_text(&parameters, err_info(outcome->err)->code);
    postgres_add_bytes(&parameters, outcome->body, outcome->body_size);
    return postgres_execute(db, &note_failure, &parameters, NULL);
}
