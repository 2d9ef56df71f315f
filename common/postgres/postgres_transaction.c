/* Ways out of a transaction, and scripts. */

#include "common/postgres/postgres_internal.h"

#include <string.h>

#include "common/core/clock.h"

static const struct postgres_statement rollback = {"rollback", "ROLLBACK"};

/* Why the transaction failed is still to be known when it has been undone. */
void postgres_rollback(struct postgres *db)
{
    char trouble[TROUBLE_SIZE];
    memcpy(trouble, db->trouble, sizeof(trouble));
    if (db->is_in_transaction && postgres_execute(db, &rollback, NULL, NULL) != OK) {
        postgres_disconnect(db);
    }
    if (trouble[0] != '\0') {
        memcpy(db->trouble, trouble, sizeof(trouble));
    }
    db->is_lost_in_transaction = false;
}

/* Reads all results of a script; the first failure is told. */
static enum err read_script(struct postgres *db, int64_t deadline_ms)
{
    enum err err = OK;
    for (;;) {
        PGresult *result;
        TRY(postgres_read_result(db, deadline_ms, &result));
        if (result == NULL) {
            return PQstatus(db->connection) == CONNECTION_OK ? err : postgres_lose(db, "receiving");
        }
        ExecStatusType status = PQresultStatus(result);
        bool is_good =
            status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
        bool is_copy = status == PGRES_COPY_IN || status == PGRES_COPY_OUT;
        if (!is_good && err == OK) {
            err = postgres_note_failure(db, result);
        }
        PQclear(result);
        if (is_copy) {
            return postgres_lose(db, "a script cannot COPY from or to the client");
        }
    }
}

enum err postgres_run_script(struct postgres *db, const char *sql, int timeout_ms)
{
    /* the simple protocol, which takes several statements, is not to be had in pipeline mode */
    if (db->connection == NULL || PQexitPipelineMode(db->connection) != 1 ||
        PQsendQuery(db->connection, sql) != 1) {
        return postgres_lose(db, "sending a script");
    }
    enum err err = read_script(db, clock_monotonic_ms() + timeout_ms);
    if (db->connection == NULL) {
        return ERR_UNAVAILABLE;
    }
    if (PQenterPipelineMode(db->connection) != 1) {
        return postgres_lose(db, "running a script");
    }
    db->is_in_transaction = PQtransactionStatus(db->connection) != PQTRANS_IDLE;
    db->used_at_ms = clock_monotonic_ms();
    return err;
}
