/* The schedule in PostgreSQL. */

#include "adapters/postgres_schedule.h"

static const struct postgres_statement now = {
    "schedule_now", "SELECT floor(extract(epoch FROM clock_timestamp()))::int8"};

static const struct postgres_statement note = {
    "schedule_note",
    "INSERT INTO schedule (job, last_slot) VALUES ($1::text, to_timestamp($2::int8))"
    " ON CONFLICT (job) DO NOTHING"};

/* One statement: whoever moves the slot on writes the message, and nobody else does. It is older
 * than OUTBOX_AGE_MS from the start, as no worker is about to publish it. */
static const struct postgres_statement fire = {
    "schedule_fire",
    "WITH fired AS (UPDATE schedule SET last_slot = to_timestamp($2::int8), fired_at = now()"
    " WHERE job = $1::text AND last_slot < to_timestamp($2::int8) RETURNING 1)"
    " INSERT INTO outbox (message_id, created_at, name, body, deadline)"
    " SELECT md5('schedule ' || $1::text || ' ' || $2::int8)::uuid, now() - interval '6 seconds',"
    " $3::text, $4::text, $5::int8 FROM fired"};

static enum err read_now(struct schedule *base, int64_t *ret_now_s)
{
    const struct pg_result *result;
    TRY(postgres_execute(((struct postgres_schedule *)base)->db, &now, NULL, &result));
    *ret_now_s = postgres_int64(result, 0, 0);
    return OK;
}

static enum err fire_slot(struct schedule *base, const struct slot *slot, bool *ret_is_fired)
{
    struct postgres *db = ((struct postgres_schedule *)base)->db;
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, slot->job);
    postgres_add_int64(&parameters, slot->slot_s);
    postgres_queue(db, &note, &parameters);
    postgres_add_text(&parameters, slot->message);
    postgres_add_text(&parameters, slot->body);
    postgres_add_int64(&parameters, slot->deadline_ms);
    postgres_queue(db, &fire, &parameters);
    TRY(postgres_run(db));
    *ret_is_fired = postgres_affected(postgres_result(db, 1)) > 0;
    return OK;
}

void postgres_schedule_init(struct postgres_schedule *self, struct postgres *db)
{
    static const struct schedule_ops ops = {.now = read_now, .fire = fire_slot};
    *self = (struct postgres_schedule){.schedule.ops = &ops, .db = db};
}
