/*
 * One connection to PostgreSQL (libpq), owned by one thread. It connects at its first use and again
 * after a loss, and no call waits without a bound: past its time-out the connection is dropped and
 * the call fails with ERR_UNAVAILABLE.
 *
 * Statements are static, prepared once a connection when first used, and sent in batches: queue
 * some, then run them in one round trip and read their results.
 *
 *     postgres_queue(db, &begin, NULL);
 *     postgres_queue(db, &find, &parameters);
 *     TRY(postgres_run(db));
 *     const struct pg_result *found = postgres_result(db, 1);
 *
 * The first statement of a batch that fails ends it: those after it are not carried out. Outside of
 * a transaction a batch is one. A connection lost inside a transaction is not replaced before
 * postgres_rollback: what was meant to be part of it must not happen alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/core/arena.h"
#include "common/core/attributes.h"
#include "common/core/ctx.h"
#include "common/core/err.h"

struct postgres;
struct pg_result; /* libpq's PGresult */

enum postgres_access { POSTGRES_READ_WRITE, POSTGRES_READ_ONLY };

/* Time-outs that are 0 have their defaults. */
struct postgres_options {
    const char *url; /* postgresql://… or key=value pairs; borrowed as long as the connection */
    const char *application_name;
    enum postgres_access access;
    int connect_timeout_ms;    /* 3000 */
    int round_trip_timeout_ms; /* 7000: more than the next two, which the server keeps */
    int statement_timeout_ms;  /* 5000 */
    int lock_timeout_ms;       /* 2000 */
};

/* Static: its address is its identity. Results are binary: cast to int8, timestamptz, bool or
 * text-like types. */
struct postgres_statement {
    const char *name;
    const char *sql;
};

enum { POSTGRES_PARAMETERS_MAX = 16, POSTGRES_BATCH_MAX = 64 };

/* The values of $1, $2, …: begin with {0}, add in order. What the pointers point to is borrowed
 * until the statement is queued. */
struct postgres_parameters {
    int count;
    const char *values[POSTGRES_PARAMETERS_MAX];
    int sizes[POSTGRES_PARAMETERS_MAX];
    int formats[POSTGRES_PARAMETERS_MAX];
    unsigned char numbers[POSTGRES_PARAMETERS_MAX][8];
    unsigned char digests[2][32];
    int digest_count;
};

void postgres_add_text(struct postgres_parameters *parameters, const char *text); /* NULL is null */
void postgres_add_int64(struct postgres_parameters *parameters, int64_t value);
void postgres_add_id(struct postgres_parameters *parameters, int64_t id); /* NOBODY is null */
void postgres_add_time(struct postgres_parameters *parameters, int64_t time_us);
void postgres_add_infinity(struct postgres_parameters *parameters); /* later than all times */
void postgres_add_bool(struct postgres_parameters *parameters, bool value);
void postgres_add_bytes(struct postgres_parameters *parameters, const void *data, size_t size);
/* 64 hex digits as bytea; NULL, and what is no such digest, is null. At most two a statement. */
void postgres_add_digest(struct postgres_parameters *parameters, const char *hex);

/* Does libpq understand this connection string? */
bool postgres_url_is_valid(const char *url);

/* A connection that is not connected yet; owned. */
struct postgres *postgres_new(const struct postgres_options *options);
void postgres_free(struct postgres *db);

/* Put a statement into the batch. `parameters` may be NULL: none. Trouble is told by postgres_run.
 */
void postgres_queue(struct postgres *db, const struct postgres_statement *statement,
                    const struct postgres_parameters *parameters);

/*
 * Send the batch and wait for all its results. ERR_UNAVAILABLE: passing trouble (no connection,
 * time-out, lock, conflict); after a loss of the connection it is not known what was carried out.
 * ERR_INTERNAL: the server refused a statement.
 */
MUST_CHECK enum err postgres_run(struct postgres *db);

/* Queue, run and read one statement. `ret_result` may be NULL. */
MUST_CHECK enum err postgres_execute(struct postgres *db,
                                     const struct postgres_statement *statement,
                                     const struct postgres_parameters *parameters,
                                     const struct pg_result **ret_result);

/* The result of the batch's statement number `index`; valid until the next postgres_queue. */
const struct pg_result *postgres_result(const struct postgres *db, size_t index);
int postgres_row_count(const struct pg_result *result);
int64_t postgres_affected(const struct pg_result *result); /* rows inserted, updated, deleted */
bool postgres_is_null(const struct pg_result *result, int row, int column);
int64_t postgres_int64(const struct pg_result *result, int row, int column); /* null: 0 */
int64_t postgres_time(const struct pg_result *result, int row, int column);  /* µs since 1970 */
bool postgres_bool(const struct pg_result *result, int row, int column);     /* null: false */
/* A copy; null: NULL. ctx. */
const char *postgres_text(const struct pg_result *result, int row, int column, struct arena *arena);
/* Bytes of a value where they lie; valid as long as the result. */
const void *postgres_bytes(const struct pg_result *result, int row, int column, size_t *ret_size);

/* End the transaction without effect, if one is open, broken or lost; afterwards the connection is
 * ready for the next. */
void postgres_rollback(struct postgres *db);
/* Is a transaction open (or was it lost with its connection)? */
bool postgres_is_in_transaction(const struct postgres *db);

/* Run a script of several statements, with `timeout_ms` as the bound. As postgres_run; no results.
 */
MUST_CHECK enum err postgres_run_script(struct postgres *db, const char *sql, int timeout_ms);

/* Leave the server; the next use connects again. */
void postgres_disconnect(struct postgres *db);

/* Why the last batch failed, with the server's words: for the log, never for a caller;
 * postgres_rollback keeps it. "": it did not. */
const char *postgres_trouble(const struct postgres *db);
/* Did a statement of the last batch take longer than it may? Tried again it would, too. */
bool postgres_has_timed_out(const struct postgres *db);
/* The constraint whose violation ended the last batch, or NULL. */
const char *postgres_violated_constraint(const struct postgres *db);

/* The same error, with a sentence for the caller that tells nothing of the database. OK stays OK.
 */
enum err postgres_ctx_fail(struct ctx *ctx, enum err err);
