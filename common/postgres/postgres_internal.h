/* What the files of this folder share. */
#pragma once

#include <libpq-fe.h>

#include "common/postgres/postgres.h"

enum { STATEMENTS_MAX = 128, TROUBLE_SIZE = 512, CONSTRAINT_SIZE = 64 };

/* One thing sent to the server whose result has to be read. */
struct sent {
    const struct postgres_statement *prepares; /* or NULL: it is an execution */
};

struct postgres {
    struct postgres_options options;
    PGconn *connection; /* NULL: not connected */
    int64_t used_at_ms; /* when the server was last heard of */

    const struct postgres_statement *prepared[STATEMENTS_MAX]; /* on this connection */
    size_t prepared_count;

    struct sent sent[2 * POSTGRES_BATCH_MAX];
    size_t sent_count;
    PGresult *results[POSTGRES_BATCH_MAX];
    size_t result_count; /* of the last batch that was run */
    size_t queued_count; /* executions in the batch being queued */
    enum err batch_err;  /* why the batch being queued cannot be run */
    bool is_queueing;

    bool is_in_transaction;
    bool is_lost_in_transaction;
    bool is_stale; /* the server's state is not what we need: leave it when idle */

    bool has_timed_out; /* a statement of the last batch */
    char trouble[TROUBLE_SIZE];
    char constraint[CONSTRAINT_SIZE];
};

/* Connect within the time-out and set the session up. */
MUST_CHECK enum err postgres_connect(struct postgres *db);
/* Is an idle connection still there? Does not wait. */
bool postgres_is_alive(struct postgres *db);

/* As postgres_run, but with a deadline (monotonic ms) of the caller's. */
MUST_CHECK enum err postgres_run_until(struct postgres *db, int64_t deadline_ms);

/* Wait until the socket is ready for `events`; ERR_UNAVAILABLE past the deadline (monotonic ms). */
MUST_CHECK enum err postgres_wait(struct postgres *db, short events, int64_t deadline_ms);
/* Read the next result; NULL ends those of a command. */
MUST_CHECK enum err postgres_read_result(struct postgres *db, int64_t deadline_ms, PGresult **ret);

/* Note the connection's own error, drop it, ERR_UNAVAILABLE. */
enum err postgres_lose(struct postgres *db, const char *doing);
/* Note a failed result and translate it. */
enum err postgres_note_failure(struct postgres *db, const PGresult *result);
/* What a SQLSTATE means to us. */
enum err postgres_err_of_sqlstate(const char *state);
