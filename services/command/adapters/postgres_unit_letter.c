/* What is kept of messages that kill or fail for good: attempts and dead letters. */

#include <string.h>

#include "common/json/text.h"
#include "postgres_unit_internal.h"

static const struct postgres_statement count_attempt = {
    "unit_count_attempt",
    "INSERT INTO attempts (message_id, count) VALUES ($1, 1) ON CONFLICT (message_id)"
    " DO UPDATE SET count = attempts.count + 1, updated_at = now() RETURNING count"};

static const struct postgres_statement bury = {
    "unit_bury",
    "INSERT INTO dead_letters (message_id, message, code, detail, body, headers)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (message_id, code)"
    " DO UPDATE SET message = excluded.message, detail = excluded.detail, body = excluded.body,"
    " headers = excluded.headers, failed_at = excluded.failed_at"};

static const struct postgres_statement clear_attempts = {
    "unit_clear_attempts", "DELETE FROM attempts WHERE message_id = $1"};

void postgres_unit_clear_attempts(struct unit *self, const char *message_id)
{
    struct postgres *db = postgres_unit_of(self)->db;
    postgres_rollback(db);
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, message_id);
    enum err ignored = postgres_execute(db, &clear_attempts, &parameters, NULL);
    (void)ignored;
}

enum err postgres_unit_count_attempt(struct unit *self, const char *message_id,
                                     int64_t *ret_attempts)
{
    struct postgres *db = postgres_unit_of(self)->db;
    postgres_rollback(db);
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, message_id);
    const struct pg_result *counted;
    TRY(postgres_execute(db, &count_attempt, &parameters, &counted));
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

enum err postgres_unit_bury(struct unit *self, struct ctx *ctx, const struct dead_letter *letter)
{
    struct postgres *db = postgres_unit_of(self)->db;
    postgres_rollback(db);
    char message_id[UUID_TEXT_SIZE];
    bool has_id = letter->message_id != NULL &&
                  uuid_parse(letter->message_id, strlen(letter->message_id), message_id);
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, has_id ? message_id : NULL);
    postgres_add_text(&parameters, clean(ctx->arena, letter->message));
    postgres_add_text(&parameters, clean(ctx->arena, letter->code));
    postgres_add_text(&parameters, clean(ctx->arena, letter->detail));
    postgres_add_text(&parameters, clean(ctx->arena, letter->body));
    postgres_add_text(&parameters, clean(ctx->arena, letter->headers));
    return postgres_execute(db, &bury, &parameters, NULL);
}
