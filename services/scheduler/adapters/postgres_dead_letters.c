/* Dead letters in PostgreSQL. */

#include "adapters/postgres_dead_letters.h"

/* $1 user that is claimed, $2 session it came with; as the worker that buries a letter has it. */
#define SENDER                                                                                     \
    "coalesce($1::int8, (SELECT u.id FROM sessions s JOIN users u ON u.id = s.user_id"             \
    " WHERE s.digest = $2::bytea AND s.expires_at > now() AND u.is_active))"

/* Of what is done only the ack was lost, again and again: there is nothing to keep. */
static const struct postgres_statement keep = {
    "keep_dead_letter",
    "INSERT INTO dead_letters (user_id, message_id, message, code, detail, body, headers)"
    " SELECT " SENDER ", $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::text"
    " WHERE NOT EXISTS (SELECT FROM inbox WHERE message_id = $3::uuid AND error IS NULL)"
    " ON CONFLICT (message_id, code) DO NOTHING",
};

/* What is done, or has failed for good, is the truth: only what may be tried again gives way. */
static const struct postgres_statement fail = {
    "fail_dead_letter",
    "INSERT INTO inbox (user_id, session, message_id, name, error, body, is_final)"
    " VALUES ((SELECT id FROM users WHERE id = " SENDER " AND is_active),"
    " $2::bytea, $3::uuid, $4::text, $5::text, $6::text, $7::bool)"
    " ON CONFLICT (message_id) DO UPDATE"
    " SET error = excluded.error, body = excluded.body, is_final = excluded.is_final"
    " WHERE NOT inbox.is_final",
};

static void add_identity(struct postgres_parameters *parameters, const struct dead_letter *letter)
{
    postgres_add_id(parameters, letter->user_id);
    postgres_add_digest(parameters, letter->session);
    postgres_add_text(parameters, letter->message_id);
    postgres_add_text(parameters, letter->message);
    postgres_add_text(parameters, letter->code);
}

static void queue_letter(struct postgres *db, const struct dead_letter *letter)
{
    struct postgres_parameters parameters = {0};
    add_identity(&parameters, letter);
    postgres_add_text(&parameters, letter->detail);
    postgres_add_text(&parameters, letter->body);
    postgres_add_text(&parameters, letter->headers);
    postgres_queue(db, &keep, &parameters);
}

static void queue_state(struct postgres *db, const struct dead_letter *letter)
{
    struct postgres_parameters parameters = {0};
    add_identity(&parameters, letter);
    postgres_add_text(&parameters, letter->problem);
    postgres_add_bool(&parameters, letter->is_final);
    postgres_queue(db, &fail, &parameters);
}

/* One batch outside of a transaction: it is one. */
static enum err keep_letter(struct dead_letters *base, const struct dead_letter *letter)
{
    struct postgres *db = ((struct postgres_dead_letters *)base)->db;
    queue_letter(db, letter);
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
