/* Dead letters in PostgreSQL. */

#include "adapters/postgres_dead_letters.h"

static const struct postgres_statement keep = {
    "keep_dead_letter",
    "INSERT INTO dead_letters (message_id, message, code, detail, body, headers)"
    " VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text)"
    " ON CONFLICT (message_id, code) DO NOTHING",
};

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
    return postgres_execute(db, &keep, &parameters, NULL);
}

void postgres_dead_letters_init(struct postgres_dead_letters *self, struct postgres *db)
{
    static const struct dead_letters_ops ops = {.keep = keep_letter};
    *self = (struct postgres_dead_letters){.dead_letters.ops = &ops, .db = db};
}
