/* What is kept of messages that kill or are given up: attempts and dead letters. */

#include <string.h>

#include "common/json/text.h"
#include "postgres_unit_internal.h"

/* Held by the connection: a worker that dies lets go of it. One attempt at a time. */
static const struct postgres_statement end_attempt = {"unit_end_attempt",
                                                      "SELECT pg_advisory_unlock_all()"};

static const struct postgres_statement count_attempt = {
    "unit_count_attempt",
    "WITH alone AS (SELECT pg_try_advisory_lock(hashtextextended($1::uuid::text, 0)) AS is_so)"
    " INSERT INTO attempts (message_id, count) SELECT $1, 1 FROM alone WHERE is_so"
    " ON CONFLICT (message_id)"
    " DO UPDATE SET count = attempts.count + 1, updated_at = now() RETURNING CASE WHEN EXISTS"
    " (SELECT FROM inbox WHERE message_id = $1 AND is_final AND fingerprint IS NOT NULL)"
    " THEN 0 ELSE count END"};

/* $1 user id that is claimed or known, $2 session */
#define SENDER                                                                                     \
    "coalesce($1::int8, (SELECT u.id FROM sessions s JOIN users u ON u.id = s.user_id"             \
    " WHERE s.digest = $2 AND s.expires_at > now() AND u.is_active))"

static const struct postgres_statement bury = {
    "unit_bury",
    "INSERT INTO dead_letters (user_id, message_id, message, code, detail, body, headers)"
    " VALUES (" SENDER ", $3, $4, $5, $6, $7, $8) ON CONFLICT (message_id, code)"
    " DO UPDATE SET message = excluded.message, detail = excluded.detail, body = excluded.body,"
    " headers = excluded.headers, failed_at = excluded.failed_at, user_id = excluded.user_id"};

/* $3 message_id, $4 name, $5 fingerprint, $6 code, $7 problem, $8 is it final? The user as
 * unit_begin will find him when the message comes again. */
static const struct postgres_statement store_state = {
    "unit_store_state",
    "INSERT INTO inbox (user_id, session, message_id, name, fingerprint, error, body, is_final)"
    " VALUES ((SELECT id FROM users WHERE id = " SENDER " AND is_active),"
    " $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (message_id) DO UPDATE SET"
    " user_id = excluded.user_id, session = excluded.session, name = excluded.name,"
    " fingerprint = excluded.fingerprint, error = excluded.error, body = excluded.body,"
    " is_final = excluded.is_final WHERE NOT inbox.is_final"};

static const struct postgres_statement clear_attempts = {
    "unit_clear_attempts", "DELETE FROM attempts WHERE message_id = $1"};

static const struct postgres_statement uncount_attempt = {
    "unit_uncount_attempt", "UPDATE attempts SET count = count - 1 WHERE message_id = $1"};

static void end_attempt_with(struct unit *self, const struct postgres_statement *statement,
                             const char *message_id)
{
    struct postgres *db = postgres_unit_of(self)->db;
    postgres_rollback(db);
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, message_id);
    postgres_queue(db, &end_attempt, NULL);
    postgres_queue(db, statement, &parameters);
    enum err ignored = postgres_run(db);
    (void)ignored;
}

void postgres_unit_clear_attempts(struct unit *self, const char *message_id)
{
    end_attempt_with(self, &clear_attempts, message_id);
}

void postgres_unit_uncount_attempt(struct unit *self, const char *message_id)
{
    end_attempt_with(self, &uncount_attempt, message_id);
}

enum err postgres_unit_count_attempt(struct unit *self, const char *message_id,
                                     int64_t *ret_attempts)
{
    struct postgres *db = postgres_unit_of(self)->db;
    postgres_rollback(db);
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, message_id);
    postgres_queue(db, &end_attempt, NULL);
    postgres_queue(db, &count_attempt, &parameters);
    TRY(postgres_run(db));
    const struct pg_result *counted = postgres_result(db, 1);
    if (postgres_row_count(counted) == 0) {
        return ERR_UNAVAILABLE;
    }
    *ret_attempts = postgres_int64(counted, 0, 0);
    return OK;
}

/* A letter comes from outside: what is no UTF-8 must not keep it from being stored. Replaced by
 * "?". */
static const char *clean(struct arena *arena, const char *text)
{
    if (text == NULL) {
        return "";
    }
    char *copy = arena_strdup(arena, text);
    const char *end = copy + strlen(copy);
    for (char *place = copy; *place != '\0';) {
        size_t size = text_sequence(place, end);
        if (size == 0) {
            *place = '?';
        }
        place += size == 0 ? 1 : size;
    }
    return copy;
}

/* The one who acts, as far as the message or the unit that was begun for it can tell. */
static void add_sender(struct postgres_parameters *parameters, const struct ctx *ctx,
                       const struct envelope *envelope)
{
    postgres_add_id(parameters, envelope->has_user_id ? envelope->user_id : ctx->user_id);
    postgres_add_digest(parameters, envelope->session);
}

static void queue_letter(struct postgres *db, struct ctx *ctx, const struct envelope *envelope,
                         const char *message_id, const struct dead_letter *letter)
{
    struct postgres_parameters parameters = {0};
    add_sender(&parameters, ctx, envelope);
    postgres_add_text(&parameters, message_id);
    postgres_add_text(&parameters, clean(ctx->arena, letter->message));
    postgres_add_text(&parameters, clean(ctx->arena, letter->code));
    postgres_add_text(&parameters, clean(ctx->arena, letter->detail));
    postgres_add_text(&parameters, clean(ctx->arena, letter->body));
    postgres_add_text(&parameters, clean(ctx->arena, letter->headers));
    postgres_queue(db, &bury, &parameters);
}

static void queue_state(struct postgres *db, struct ctx *ctx, const struct envelope *envelope,
                        const char *message_id, const unsigned char *fingerprint,
                        const struct dead_letter *letter)
{
    struct postgres_parameters parameters = {0};
    add_sender(&parameters, ctx, envelope);
    postgres_add_text(&parameters, message_id);
    postgres_add_text(&parameters, clean(ctx->arena, letter->message));
    postgres_add_bytes(&parameters, fingerprint, fingerprint == NULL ? 0 : FINGERPRINT_SIZE);
    postgres_add_text(&parameters, clean(ctx->arena, letter->code));
    postgres_add_text(&parameters, clean(ctx->arena, letter->problem));
    postgres_add_bool(&parameters, letter->is_final);
    postgres_queue(db, &store_state, &parameters);
}

/* One batch outside of a transaction: it is one. */
enum err postgres_unit_bury(struct unit *self, struct ctx *ctx, const struct envelope *envelope,
                            const unsigned char *fingerprint, const struct dead_letter *letter)
{
    struct postgres *db = postgres_unit_of(self)->db;
    postgres_rollback(db);
    char message_id[UUID_TEXT_SIZE];
    bool has_id = letter->message_id != NULL &&
                  uuid_parse(letter->message_id, strlen(letter->message_id), message_id);
    queue_letter(db, ctx, envelope, has_id ? message_id : NULL, letter);
    if (has_id && letter->problem != NULL) {
        queue_state(db, ctx, envelope, message_id, fingerprint, letter);
    }
    postgres_queue(db, &end_attempt, NULL);
    return postgres_run(db);
}
