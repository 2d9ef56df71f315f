/* Dead letters in PostgreSQL: counted, sent again, dropped. */

#include "postgres_dead_letter_store.h"

#include <stdlib.h>

#include "common/core/buffer.h"
#include "common/core/memory.h"
#include "common/json/json.h"
#include "letter_fit.h"

static const struct postgres_statement count_since = {
    "dead_letters_count", "SELECT count(*) FROM dead_letters WHERE failed_at >= $1::timestamptz"};

/* Letters of before the column user_id have it among the headers. */
#define USER                                                                                       \
    "coalesce(user_id, CASE WHEN json_typeof(headers::json -> 'user_id') = 'number'"               \
    " THEN (headers::json ->> 'user_id')::int8 END)"

static const struct postgres_statement lock = {
    "dead_letters_lock", "SELECT message, code, detail, body, message_id::text, " USER
                         " FROM dead_letters WHERE id = $1::int8 FOR UPDATE SKIP LOCKED"};

/* $1 letter, $2 who does it, $3 what, $4 the words before its detail. */
#define TAKEN                                                                                      \
    "WITH letter AS (DELETE FROM dead_letters WHERE id = $1::int8 RETURNING id, message, code,"    \
    " detail, body, headers::json AS headers, message_id, " USER " AS user_id,"                    \
    " coalesce(message_id, gen_random_uuid()) AS identity),"                                       \
    " noted AS (INSERT INTO dead_letter_actions"                                                   \
    " (actor, action, letter_id, message_id, message, code, detail)"                               \
    " SELECT coalesce((SELECT email FROM users WHERE id = $2::int8), 'user ' || $2::int8),"        \
    " $3::text, id, CASE $3::text WHEN 'retry' THEN identity ELSE message_id END,"                 \
    " message, code, $4::text || detail FROM letter)"

static const struct postgres_statement take = {"dead_letters_take",
                                               TAKEN " SELECT count(*) FROM letter"};

/* A mismatch is told of another command's identity: what is stored is that one's, and stays. The
 * key of the identity goes with its row: sent again with it, it takes it anew. The outbox has
 * the message under an id of its own, as a worker may still be about to delete the row of its first
 * time; it is older than OUTBOX_AGE_MS from the start, as no worker is about to publish it. */
static const struct postgres_statement send_again = {
    "dead_letters_send_again", TAKEN
    ", forgotten AS (DELETE FROM inbox USING letter WHERE inbox.message_id = letter.identity"
    " AND inbox.error IS NOT NULL AND letter.code <> 'idempotency_mismatch'"
    " RETURNING encode(inbox.idempotency_key, 'hex') AS key),"
    " uncounted AS (DELETE FROM attempts USING letter WHERE attempts.message_id = letter.identity)"
    " INSERT INTO outbox (message_id, created_at, name, body, identity, user_id, client_address,"
    " language, traceparent, idempotency_key)"
    " SELECT gen_random_uuid(), now() - interval '6 seconds', message, body, identity, user_id,"
    " headers ->> 'client_address', headers ->> 'language', headers ->> 'traceparent',"
    " coalesce((SELECT key FROM forgotten), headers ->> 'idempotency_key') FROM letter"};

static const struct postgres_statement note_failed = {
    "dead_letters_note_failed",
    "INSERT INTO inbox (message_id, user_id, name, error, body, is_final)"
    " VALUES ($1::uuid, $2::int8, $3::text, $4::text, $5::text, $6::bool)"
    " ON CONFLICT (message_id) DO NOTHING"};

struct postgres_dead_letter_store {
    struct dead_letter_store base;
    struct postgres *db;
};

struct letter_row {
    const char *message;
    const char *code;
    const char *detail;
    const char *body;
    const char *message_id; /* or NULL */
    int64_t user_id;        /* or NOBODY */
};

static struct postgres *db_of(struct dead_letter_store *self)
{
    return ((struct postgres_dead_letter_store *)self)->db;
}

static enum err count(struct dead_letter_store *self, struct ctx *ctx, int64_t since_us,
                      int64_t *ret_count)
{
    struct postgres_parameters parameters = {0};
    postgres_add_time(&parameters, since_us);
    const struct pg_result *result;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), &count_since, &parameters, &result)));
    *ret_count = postgres_int64(result, 0, 0);
    return OK;
}

static enum err lock_letter(struct dead_letter_store *self, struct ctx *ctx, int64_t id,
                            struct letter_row *ret, enum letter_obstacle *ret_obstacle)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    const struct pg_result *row;
    TRY(postgres_ctx_fail(ctx, postgres_execute(db_of(self), &lock, &parameters, &row)));
    *ret_obstacle = LETTER_OBSTACLE_GONE;
    if (postgres_row_count(row) == 0) {
        return OK;
    }
    *ret_obstacle = LETTER_HAS_LEFT;
    *ret = (struct letter_row){
        .message = postgres_text(row, 0, 0, ctx->arena),
        .code = postgres_text(row, 0, 1, ctx->arena),
        .detail = postgres_text(row, 0, 2, ctx->arena),
        .body = postgres_text(row, 0, 3, ctx->arena),
        .message_id = postgres_text(row, 0, 4, ctx->arena),
        .user_id = postgres_int64(row, 0, 5),
    };
    return OK;
}

static void add_action(struct postgres_parameters *parameters, const struct ctx *ctx, int64_t id,
                       const char *action, const char *words)
{
    postgres_add_int64(parameters, id);
    postgres_add_int64(parameters, ctx->user_id);
    postgres_add_text(parameters, action);
    postgres_add_text(parameters, words);
}

static enum err retry(struct dead_letter_store *self, struct ctx *ctx, int64_t id,
                      enum letter_obstacle *ret)
{
    struct letter_row letter;
    TRY(lock_letter(self, ctx, id, &letter, ret));
    if (*ret != LETTER_HAS_LEFT) {
        return OK;
    }
    *ret = letter_fit(letter.message, letter.body, ctx->arena);
    if (*ret != LETTER_HAS_LEFT) {
        return OK;
    }
    struct postgres_parameters parameters = {0};
    add_action(&parameters, ctx, id, "retry", "sent again after: ");
    return postgres_ctx_fail(ctx, postgres_execute(db_of(self), &send_again, &parameters, NULL));
}

/* Who asks for the command's state is told that it failed, unless there is an outcome. */
static void queue_failure(struct postgres *db, const struct ctx *ctx,
                          const struct letter_row *letter)
{
    enum err err = err_from_code(letter->code);
    const struct problem problem = {.err = err == OK ? ERR_INTERNAL : err,
                                    .detail = letter->detail};
    struct buffer body;
    buffer_init(&body, ctx->arena);
    problem_encode(&problem, &body);
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, letter->message_id);
    postgres_add_id(&parameters, letter->user_id);
    postgres_add_text(&parameters, letter->message);
    postgres_add_text(&parameters, err_info(problem.err)->code);
    postgres_add_text(&parameters, body.data);
    postgres_add_bool(&parameters, !err_may_come_again(problem.err));
    postgres_queue(db, &note_failed, &parameters);
}

static enum err drop(struct dead_letter_store *self, struct ctx *ctx, int64_t id,
                     enum letter_obstacle *ret)
{
    struct postgres *db = db_of(self);
    struct letter_row letter;
    TRY(lock_letter(self, ctx, id, &letter, ret));
    if (*ret != LETTER_HAS_LEFT) {
        return OK;
    }
    if (letter.message_id != NULL) {
        queue_failure(db, ctx, &letter);
    }
    struct postgres_parameters parameters = {0};
    add_action(&parameters, ctx, id, "drop", "");
    postgres_queue(db, &take, &parameters);
    return postgres_ctx_fail(ctx, postgres_run(db));
}

struct dead_letter_store *postgres_dead_letter_store_new(struct postgres *db)
{
    static const struct dead_letter_store_ops ops = {.count = count, .retry = retry, .drop = drop};
    struct postgres_dead_letter_store *store = memory_new(1, sizeof(*store));
    store->base.ops = &ops;
    store->db = db;
    return &store->base;
}

void postgres_dead_letter_store_free(struct dead_letter_store *store)
{
    free(store);
}
