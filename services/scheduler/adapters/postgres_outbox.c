/* The outbox in PostgreSQL. */

#include "adapters/postgres_outbox.h"

#include "common/core/failpoint.h"

static const struct postgres_statement begin = {"sweep_begin", "BEGIN"};
static const struct postgres_statement commit = {"sweep_commit", "COMMIT"};

/* 50: OUTBOX_BATCH_MAX; 5 seconds: OUTBOX_AGE_MS. */
static const struct postgres_statement take = {
    "sweep_take",
    "SELECT created_at, message_id::text, coalesce(identity, message_id)::text, name, body,"
    " user_id, client_address, language, traceparent, idempotency_key, deadline"
    " FROM outbox"
    " WHERE created_at < now() - interval '5 seconds'"
    " AND (created_at, message_id) > ($1::timestamptz, $2::uuid)"
    " ORDER BY created_at, message_id LIMIT 50 FOR UPDATE SKIP LOCKED",
};

static const struct postgres_statement forget = {
    "sweep_forget",
    "DELETE FROM outbox WHERE message_id = $1::uuid",
};

/* 100000: OUTBOX_COUNT_MAX. */
static const struct postgres_statement measure = {
    "outbox_measure",
    "SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT 100000) counted),"
    " (SELECT min(created_at) FROM outbox)",
};

static void read_row(const struct pg_result *rows, int row, struct arena *arena,
                     struct outbox_message *ret)
{
    *ret = (struct outbox_message){
        .created_us = postgres_time(rows, row, 0),
        .message_id = postgres_text(rows, row, 1, arena),
        .identity = postgres_text(rows, row, 2, arena),
        .name = postgres_text(rows, row, 3, arena),
        .body = postgres_text(rows, row, 4, arena),
        .user_id = postgres_int64(rows, row, 5),
        .client_address = postgres_text(rows, row, 6, arena),
        .language = postgres_text(rows, row, 7, arena),
        .traceparent = postgres_text(rows, row, 8, arena),
        .idempotency_key = postgres_text(rows, row, 9, arena),
        .deadline_ms = postgres_int64(rows, row, 10),
    };
}

static enum err outbox_take_rows(struct outbox *base, struct arena *arena,
                                 const struct outbox_message *after,
                                 struct outbox_message ret[OUTBOX_BATCH_MAX], size_t *ret_count)
{
    struct postgres *db = ((struct postgres_outbox *)base)->db;
    struct postgres_parameters place = {0};
    postgres_add_time(&place, after == NULL ? 0 : after->created_us);
    postgres_add_text(&place,
                      after == NULL ? "00000000-0000-0000-0000-000000000000" : after->message_id);
    postgres_queue(db, &begin, NULL);
    postgres_queue(db, &take, &place);
    enum err err = postgres_run(db);
    if (err != OK) {
        postgres_rollback(db);
        return err;
    }
    const struct pg_result *rows = postgres_result(db, 1);
    *ret_count = (size_t)postgres_row_count(rows);
    for (size_t i = 0; i < *ret_count; i++) {
        read_row(rows, (int)i, arena, &ret[i]);
    }
    return OK;
}

static enum err outbox_settle_rows(struct outbox *base, const char *const *published_ids,
                                   size_t count)
{
    struct postgres *db = ((struct postgres_outbox *)base)->db;
    if (count > 0) {
        failpoint_reach(FAILPOINT_OUTBOX_CONFIRMED, NULL, 0);
    }
    for (size_t i = 0; i < count; i++) {
        struct postgres_parameters id = {0};
        postgres_add_text(&id, published_ids[i]);
        postgres_queue(db, &forget, &id);
    }
    postgres_queue(db, &commit, NULL);
    enum err err = postgres_run(db);
    if (err != OK) {
        postgres_rollback(db);
    }
    return err;
}

static enum err outbox_measure_rows(struct outbox *base, struct outbox_size *ret)
{
    struct postgres *db = ((struct postgres_outbox *)base)->db;
    const struct pg_result *rows;
    TRY(postgres_execute(db, &measure, NULL, &rows));
    *ret = (struct outbox_size){
        .messages = postgres_int64(rows, 0, 0),
        .oldest_us = postgres_is_null(rows, 0, 1) ? 0 : postgres_time(rows, 0, 1),
    };
    return OK;
}

void postgres_outbox_init(struct postgres_outbox *self, struct postgres *db)
{
    static const struct outbox_ops ops = {
        .take = outbox_take_rows,
        .settle = outbox_settle_rows,
        .measure = outbox_measure_rows,
    };
    _Static_assert((int)OUTBOX_BATCH_MAX < (int)POSTGRES_BATCH_MAX, "a settlement is one batch");
    _Static_assert(OUTBOX_BATCH_MAX == 50 && OUTBOX_AGE_MS == 5000 && OUTBOX_COUNT_MAX == 100000,
                   "as the statements have them");
    *self = (struct postgres_outbox){.outbox.ops = &ops, .db = db};
}
