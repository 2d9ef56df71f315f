/* The connection: batches of statements, one round trip each. */

#include "common/postgres/postgres_internal.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "common/core/clock.h"
#include "common/core/memory.h"

enum { FORMAT_BINARY = 1, IDLE_CHECK_MS = 100 };

static void use_default(int *value, int default_value)
{
    if (*value == 0) {
        *value = default_value;
    }
}

struct postgres *postgres_new(const struct postgres_options *options)
{
    struct postgres *db = memory_new(1, sizeof(*db));
    db->options = *options;
    use_default(&db->options.connect_timeout_ms, 3000);
    use_default(&db->options.round_trip_timeout_ms, 7000);
    use_default(&db->options.statement_timeout_ms, 5000);
    use_default(&db->options.lock_timeout_ms, 2000);
    return db;
}

static void clear_results(struct postgres *db)
{
    for (size_t i = 0; i < db->result_count; i++) {
        PQclear(db->results[i]);
    }
    db->result_count = 0;
}

void postgres_free(struct postgres *db)
{
    if (db == NULL) {
        return;
    }
    clear_results(db);
    postgres_disconnect(db);
    free(db);
}

void postgres_disconnect(struct postgres *db)
{
    if (db->is_in_transaction) {
        db->is_lost_in_transaction = true;
    }
    PQfinish(db->connection);
    db->connection = NULL;
    db->prepared_count = 0;
    db->is_in_transaction = false;
    db->is_stale = false;
}

bool postgres_is_in_transaction(const struct postgres *db)
{
    return db->is_in_transaction || db->is_lost_in_transaction;
}

enum err postgres_wait(struct postgres *db, short events, int64_t deadline_ms)
{
    for (;;) {
        int64_t left_ms = deadline_ms - clock_monotonic_ms();
        struct pollfd socket = {.fd = PQsocket(db->connection), .events = events};
        int ready = poll(&socket, 1, left_ms > 0 ? (int)left_ms : 0);
        if (ready > 0) {
            return OK;
        }
        if (ready == 0 || errno != EINTR) {
            return postgres_lose(db, "no answer from the database in time");
        }
    }
}

static enum err flush(struct postgres *db, bool *ret_is_flushed)
{
    int rest = PQflush(db->connection);
    *ret_is_flushed = rest == 0;
    return rest < 0 ? postgres_lose(db, "sending") : OK;
}

enum err postgres_read_result(struct postgres *db, int64_t deadline_ms, PGresult **ret)
{
    bool is_flushed;
    TRY(flush(db, &is_flushed));
    while (PQisBusy(db->connection) == 1) {
        TRY(postgres_wait(db, (short)(is_flushed ? POLLIN : POLLIN | POLLOUT), deadline_ms));
        if (PQconsumeInput(db->connection) != 1) {
            return postgres_lose(db, "receiving");
        }
        if (!is_flushed) {
            TRY(flush(db, &is_flushed));
        }
    }
    *ret = PQgetResult(db->connection);
    return OK;
}

static enum err open_batch(struct postgres *db)
{
    if (db->is_lost_in_transaction) {
        return ERR_UNAVAILABLE;
    }
    if (db->connection != NULL && !db->is_in_transaction &&
        (db->is_stale ||
         (clock_monotonic_ms() - db->used_at_ms > IDLE_CHECK_MS && !postgres_is_alive(db)))) {
        postgres_disconnect(db);
    }
    return db->connection == NULL ? postgres_connect(db) : OK;
}

static void ensure_batch(struct postgres *db)
{
    if (db->is_queueing) {
        return;
    }
    clear_results(db);
    if (!db->is_lost_in_transaction) { /* else its loss is why this batch fails */
        db->trouble[0] = '\0';
    }
    db->constraint[0] = '\0';
    db->has_timed_out = false;
    db->sent_count = 0;
    db->queued_count = 0;
    enum err err = open_batch(db); /* may run a batch of its own */
    clear_results(db);
    db->batch_err = err;
    db->sent_count = 0;
    db->queued_count = 0;
    db->is_queueing = true;
}

static bool is_prepared(const struct postgres *db, const struct postgres_statement *statement)
{
    for (size_t i = 0; i < db->prepared_count; i++) {
        if (db->prepared[i] == statement) {
            return true;
        }
    }
    return false;
}

static void forget_prepared(struct postgres *db, const struct postgres_statement *statement)
{
    for (size_t i = 0; i < db->prepared_count; i++) {
        if (db->prepared[i] == statement) {
            db->prepared[i] = db->prepared[--db->prepared_count];
            return;
        }
    }
}

static bool send_prepare(struct postgres *db, const struct postgres_statement *statement)
{
    assert(db->prepared_count < STATEMENTS_MAX);
    db->sent[db->sent_count++] = (struct sent){.prepares = statement};
    db->prepared[db->prepared_count++] = statement;
    return PQsendPrepare(db->connection, statement->name, statement->sql, 0, NULL) == 1;
}

void postgres_queue(struct postgres *db, const struct postgres_statement *statement,
                    const struct postgres_parameters *parameters)
{
    static const struct postgres_parameters none = {0};
    if (parameters == NULL) {
        parameters = &none;
    }
    ensure_batch(db);
    assert(db->queued_count < POSTGRES_BATCH_MAX);
    db->queued_count++;
    if (db->batch_err != OK) {
        return;
    }
    bool is_sent = is_prepared(db, statement) || send_prepare(db, statement);
    db->sent[db->sent_count++] = (struct sent){0};
    is_sent = is_sent && PQsendQueryPrepared(db->connection, statement->name, parameters->count,
                                             parameters->values, parameters->sizes,
                                             parameters->formats, FORMAT_BINARY) == 1;
    if (!is_sent) {
        db->batch_err = postgres_lose(db, "sending");
    }
}

/* Reads the results of one thing sent: all of them always, else the next would get them. */
static enum err read_sent(struct postgres *db, const struct sent *sent, int64_t deadline_ms,
                          enum err *err)
{
    PGresult *result = NULL;
    TRY(postgres_read_result(db, deadline_ms, &result));
    ExecStatusType status = PQresultStatus(result);
    if (result == NULL || PQstatus(db->connection) == CONNECTION_BAD) {
        PQclear(result);
        return postgres_lose(db, "receiving");
    }
    bool is_good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    if (!is_good && *err == OK) {
        *err = postgres_note_failure(db, result);
    }
    if (sent->prepares == NULL) {
        db->results[db->result_count++] = result;
    } else {
        PQclear(result);
        if (!is_good) {
            forget_prepared(db, sent->prepares);
        }
    }
    TRY(postgres_read_result(db, deadline_ms, &result));
    if (result != NULL) {
        PQclear(result);
        return postgres_lose(db, "results out of step");
    }
    return OK;
}

static enum err read_batch(struct postgres *db, int64_t deadline_ms)
{
    enum err err = OK;
    for (size_t i = 0; i < db->sent_count; i++) {
        TRY(read_sent(db, &db->sent[i], deadline_ms, &err));
    }
    PGresult *end = NULL;
    TRY(postgres_read_result(db, deadline_ms, &end));
    bool is_in_step = PQresultStatus(end) == PGRES_PIPELINE_SYNC;
    PQclear(end);
    if (!is_in_step) {
        return postgres_lose(db, "results out of step");
    }
    db->is_in_transaction = PQtransactionStatus(db->connection) != PQTRANS_IDLE;
    db->used_at_ms = clock_monotonic_ms();
    return err;
}

enum err postgres_run_until(struct postgres *db, int64_t deadline_ms)
{
    assert(db->is_queueing);
    db->is_queueing = false;
    if (db->batch_err != OK) {
        return db->batch_err;
    }
    if (PQpipelineSync(db->connection) != 1) {
        return postgres_lose(db, "sending");
    }
    return read_batch(db, deadline_ms);
}

enum err postgres_run(struct postgres *db)
{
    return postgres_run_until(db, clock_monotonic_ms() + db->options.round_trip_timeout_ms);
}

enum err postgres_execute(struct postgres *db, const struct postgres_statement *statement,
                          const struct postgres_parameters *parameters,
                          const struct pg_result **ret_result)
{
    postgres_queue(db, statement, parameters);
    TRY(postgres_run(db));
    if (ret_result != NULL) {
        *ret_result = postgres_result(db, 0);
    }
    return OK;
}

const struct pg_result *postgres_result(const struct postgres *db, size_t index)
{
    assert(index < db->result_count);
    return db->results[index];
}
