/* One dead letter in the database: locked, changed, removed, with a line in the audit trail. */

#include "dead_letter.h"

#include <string.h>

#include "common/core/problem.h"
#include "common/core/uuid.h"
#include "database.h"
#include "verb.h"

static const struct postgres_statement begin = {"cli_begin", "BEGIN"};
static const struct postgres_statement commit = {"cli_commit", "COMMIT"};

/* Letters of before the column user_id have it among the headers. */
static const struct postgres_statement lock = {
    "cli_lock_dead",
    "SELECT message_id::text, message, code, detail, body,"
    " coalesce(user_id, CASE WHEN json_typeof(headers::json -> 'user_id') = 'number'"
    " THEN (headers::json ->> 'user_id')::int8 END),"
    " headers::json ->> 'language', headers::json ->> 'client_address',"
    " headers::json ->> 'traceparent', headers::json ->> 'idempotency_key'"
    " FROM dead_letters WHERE id = $1::int8 FOR UPDATE SKIP LOCKED",
};

static const struct postgres_statement find = {
    "cli_find_dead",
    "SELECT 1::int8 FROM dead_letters WHERE id = $1::int8",
};

/* A mismatch is told of another command's identity: what is stored is that one's, and stays. The
 * key of the identity goes with its row: the letter remembers it, so that other messages of the
 * user with that key still find this one. */
static const struct postgres_statement forget_failure = {
    "cli_forget_failure",
    "WITH gone AS (DELETE FROM inbox WHERE message_id = $1::uuid AND error IS NOT NULL"
    " AND (SELECT code FROM dead_letters WHERE id = $2::int8) <> 'idempotency_mismatch'"
    " RETURNING encode(idempotency_key, 'hex') AS key)"
    " UPDATE dead_letters SET message_id = $1::uuid, headers = CASE"
    " WHEN (SELECT key FROM gone) IS NULL THEN headers ELSE"
    " (headers::jsonb || jsonb_build_object('idempotency_key', (SELECT key FROM gone)))::text END"
    " WHERE id = $2::int8",
};

static const struct postgres_statement forget_deaths = {
    "cli_forget_deaths",
    "DELETE FROM attempts WHERE message_id = $1::uuid",
};

static const struct postgres_statement delete_letter = {
    "cli_delete_dead",
    "DELETE FROM dead_letters WHERE id = $1::int8",
};

static const struct postgres_statement change_body = {
    "cli_change_dead",
    "UPDATE dead_letters SET body = $2::text WHERE id = $1::int8",
};

static const struct postgres_statement note = {
    "cli_note_action",
    "INSERT INTO dead_letter_actions (actor, action, letter_id, message_id, message, code, detail)"
    " VALUES ($1::text, $2::text, $3::int8, $4::uuid, $5::text, $6::text, $7::text)",
};

static const struct postgres_statement note_failed = {
    "cli_note_failed",
    "INSERT INTO inbox (message_id, user_id, name, error, body, is_final)"
    " VALUES ($1::uuid, $2::int8, $3::text, $4::text, $5::text, $6::bool)"
    " ON CONFLICT (message_id) DO NOTHING",
};

/* Run what is queued; whatever fails ends the transaction. */
static int run(struct postgres *db)
{
    if (postgres_run(db) == OK) {
        return EXIT_DONE;
    }
    (void)cli_fail(EXIT_UNREACHABLE, "the database: %s", postgres_trouble(db));
    postgres_rollback(db);
    return EXIT_UNREACHABLE;
}

static void queue_for(struct postgres *db, const struct postgres_statement *statement, int64_t id)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    postgres_queue(db, statement, &parameters);
}

static int say_why_not_locked(struct postgres *db, int64_t id)
{
    postgres_rollback(db);
    queue_for(db, &find, id);
    int status = run(db);
    if (status != EXIT_DONE) {
        return status;
    }
    return postgres_row_count(postgres_result(db, 0)) == 0
               ? cli_fail(EXIT_PROBLEM, "there is no dead letter %lld", (long long)id)
               : cli_fail(EXIT_PROBLEM, "dead letter %lld is being worked on by somebody else",
                          (long long)id);
}

int dead_letter_lock(struct postgres *db, int64_t id, struct arena *arena, struct dead_letter *ret)
{
    postgres_rollback(db);
    postgres_queue(db, &begin, NULL);
    queue_for(db, &lock, id);
    int status = run(db);
    if (status != EXIT_DONE) {
        return status;
    }
    const struct pg_result *found = postgres_result(db, 1);
    if (postgres_row_count(found) == 0) {
        return say_why_not_locked(db, id);
    }
    *ret = (struct dead_letter){
        .id = id,
        .message_id = postgres_text(found, 0, 0, arena),
        .message = postgres_text(found, 0, 1, arena),
        .code = postgres_text(found, 0, 2, arena),
        .detail = postgres_text(found, 0, 3, arena),
        .body = postgres_text(found, 0, 4, arena),
        .user_id = postgres_is_null(found, 0, 5) ? NOBODY : postgres_int64(found, 0, 5),
        .language = postgres_text(found, 0, 6, arena),
        .client_address = postgres_text(found, 0, 7, arena),
        .traceparent = postgres_text(found, 0, 8, arena),
        .idempotency_key = postgres_text(found, 0, 9, arena),
    };
    return EXIT_DONE;
}

int dead_letter_make_way(struct postgres *db, struct dead_letter *letter, struct arena *arena)
{
    if (letter->message_id == NULL) {
        char message_id[UUID_TEXT_SIZE];
        uuid_new(message_id);
        letter->message_id = arena_strdup(arena, message_id);
    }
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, letter->message_id);
    postgres_queue(db, &forget_deaths, &parameters);
    postgres_add_int64(&parameters, letter->id);
    postgres_queue(db, &forget_failure, &parameters);
    postgres_queue(db, &commit, NULL);
    return run(db);
}

static int note_and_commit(struct postgres *db, const struct dead_letter *letter,
                           const struct dead_letter_action *action)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, action->actor);
    postgres_add_text(&parameters, action->action);
    postgres_add_int64(&parameters, letter->id);
    postgres_add_text(&parameters, letter->message_id);
    postgres_add_text(&parameters, letter->message);
    postgres_add_text(&parameters, letter->code);
    postgres_add_text(&parameters, action->detail);
    postgres_queue(db, &note, &parameters);
    postgres_queue(db, &commit, NULL);
    return run(db);
}

int dead_letter_remove(struct postgres *db, const struct dead_letter *letter,
                       const struct dead_letter_action *action)
{
    queue_for(db, &delete_letter, letter->id);
    return note_and_commit(db, letter, action);
}

int dead_letter_change(struct postgres *db, const struct dead_letter *letter, const char *body,
                       const struct dead_letter_action *action)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, letter->id);
    postgres_add_text(&parameters, body);
    postgres_queue(db, &change_body, &parameters);
    return note_and_commit(db, letter, action);
}

int dead_letter_note_failed(struct postgres *db, const struct dead_letter *letter,
                            enum dead_letter_state state, struct arena *arena)
{
    if (letter->message_id == NULL) {
        return EXIT_DONE; /* nobody can ask for it */
    }
    enum err err = err_from_code(letter->code);
    const struct problem problem = {.err = err == OK ? ERR_INTERNAL : err,
                                    .detail = letter->detail};
    struct buffer body;
    buffer_init(&body, arena);
    problem_encode(&problem, &body);
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, letter->message_id);
    postgres_add_id(&parameters, letter->user_id);
    postgres_add_text(&parameters, letter->message);
    postgres_add_text(&parameters, err_info(problem.err)->code);
    postgres_add_text(&parameters, body.data);
    postgres_add_bool(&parameters, state == DEAD_LETTER_FAILED && !err_may_come_again(problem.err));
    postgres_queue(db, &note_failed, &parameters);
    return run(db);
}
