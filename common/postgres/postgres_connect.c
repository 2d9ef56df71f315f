/* Connecting, within a bound, and the settings of a session. */

#include "common/postgres/postgres_internal.h"

#include <poll.h>
#include <stdio.h>

#include "common/core/clock.h"

static const struct postgres_statement set_up = {
    "set_up",
    "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),"
    " set_config('idle_in_transaction_session_timeout', '30000', false),"
    " set_config('default_transaction_isolation', 'read committed', false),"
    " set_config('default_transaction_read_only', $3, false),"
    " set_config('jit', 'off', false)",
};

bool postgres_url_is_valid(const char *url)
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(url, &why);
    PQfreemem(why);
    if (options == NULL) {
        return false;
    }
    PQconninfoFree(options);
    return true;
}

static void ignore_notice(void *owner, const PGresult *notice)
{
    (void)owner;
    (void)notice;
}

/* What stands before dbname are defaults that the URL may change; what stands after it is ours. */
static PGconn *start(const struct postgres_options *options)
{
    const char *const names[] = {
        "keepalives_idle",           "keepalives_interval",
        "keepalives_count",          "tcp_user_timeout",
        "fallback_application_name", "dbname",
        "client_encoding",           NULL,
    };
    const char *const values[] = {
        "5", "2", "3", "10000", options->application_name, options->url, "UTF8", NULL,
    };
    return PQconnectStartParams(names, values, 1);
}

static enum err finish_connecting(struct postgres *db, int64_t deadline_ms)
{
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    while (status != PGRES_POLLING_OK) {
        TRY(postgres_wait(db, status == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline_ms));
        status = PQconnectPoll(db->connection);
        if (status == PGRES_POLLING_FAILED) {
            return postgres_lose(db, "connecting");
        }
    }
    return OK;
}

static void queue_set_up(struct postgres *db)
{
    const struct postgres_options *options = &db->options;
    char statement_timeout[16];
    char lock_timeout[16];
    (void)snprintf(statement_timeout, sizeof(statement_timeout), "%d",
                   options->statement_timeout_ms);
    (void)snprintf(lock_timeout, sizeof(lock_timeout), "%d", options->lock_timeout_ms);
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, statement_timeout);
    postgres_add_text(&parameters, lock_timeout);
    postgres_add_text(&parameters, options->access == POSTGRES_READ_ONLY ? "on" : "off");
    postgres_queue(db, &set_up, &parameters);
}

enum err postgres_connect(struct postgres *db)
{
    int64_t deadline_ms = clock_monotonic_ms() + db->options.connect_timeout_ms;
    db->connection = start(&db->options);
    if (db->connection == NULL || PQstatus(db->connection) == CONNECTION_BAD) {
        return postgres_lose(db, "connecting");
    }
    TRY(finish_connecting(db, deadline_ms));
    PQsetNoticeReceiver(db->connection, ignore_notice, NULL);
    if (PQsetnonblocking(db->connection, 1) != 0 || PQenterPipelineMode(db->connection) != 1) {
        return postgres_lose(db, "setting up the connection");
    }
    db->used_at_ms = clock_monotonic_ms();
    queue_set_up(db);
    enum err err = postgres_run_until(db, deadline_ms);
    if (err != OK && db->connection != NULL) {
        postgres_disconnect(db);
    }
    return err == OK ? OK : ERR_UNAVAILABLE;
}

bool postgres_is_alive(struct postgres *db)
{
    struct pollfd readable = {.fd = PQsocket(db->connection), .events = POLLIN};
    if (poll(&readable, 1, 0) == 0) {
        return true;
    }
    /* Something came unasked: a parameter's new value, or a farewell and, with the second read, the
     * end. */
    return PQconsumeInput(db->connection) == 1 && PQisBusy(db->connection) == 0 &&
           PQconsumeInput(db->connection) == 1 && PQstatus(db->connection) == CONNECTION_OK;
}
