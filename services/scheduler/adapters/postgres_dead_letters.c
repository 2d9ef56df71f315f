/* Dead letters in PostgreSQL. */

#include "adapters/postgres_dead_letters.h"

/* By the header, or by the session it came with. */
#define WHO_ACTED(user, session)                                                                   \
    " coalesce(" user "::int8, (SELECT user_id FROM sessions WHERE digest = " session "::bytea"    \
    " AND expires_at > now()))"

static const struct postgres_statement keep = {
    "keep_dead_letter",
    "INSERT INTO dead_letters (message_id, message, code, detail, body, headers, user_id)"
    " VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text," WHO_ACTED(
        "$7", "$8") ")"
                    " ON CONFLICT (message_id, code) DO NOTHING",
};

/* What is done, or has failed for good, is the truth: only what may be tried again gives way. */
static const struct postgres_statement fail = {
    "fail_dead_letter",
    "INSERT INTO inbox (message_id, name, error, body, is_final, user_id, session)"
    " VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::bool," WHO_ACTED(
        "$6",
        "$7") ", $7)"
              " ON CONFLICT (message_id) DO UPDATE"
              " SET error = excluded.error, body = excluded.body, is_final = excluded.is_final"
              " WHERE NOT inbox.is_final",
};

static void queue_state(struct postgres *db, const struct dead_letter *letter)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, letter->message_id);
    postgres_add_text(&parameters, letter->message);
    postgres_add_text(&parameters, letter->code);
    postgres_add_text(&parameters, letter->problem);
    postgres_add_bool(&parameters, letter->is_final);
    postgres_add_id(&parameters, letter->user_id);
    postgres_add_digest(&parameters, letter->session);
    postgres_queue(db, &fail, &parameters);
}

static enum err keep_letter(struct dead_letters *base, const struct dead_letter *letter)
{
    struct postgres *db = ((struct postgres_dead_letters *)base)->db;
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, letter->message_id);
    postgres_add_text(&parameters, letter->message);
    postgres_add_text(&parameters, letter->code);
    postgres_add_text(&parameters, letter->detail);
    postgres_add_text(&parameters, letter->body);
    postgres_add_text(&parameters, letter->headers);
    postgres_add_id(&parameters, letter->user_id);
    postgres_add_digest(&parameters, letter->session);
    postgres_queue(db, &keep, &parameters);
    if (letter->message_id != NULL) {
        queue_state(db, letter);
    }
    return postgres_run(db);
}

void postgres_dead_letters_init(struct postgres_dead_letters *self, struct postgres *db)
{
    static const struct dead_letters_ops ops = {.keep = keep_letter};
    *self = (struct postgres_dead_letters){.dead_letters.ops = &ops, .db = db};
}
