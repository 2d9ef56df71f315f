/* PostgreSQL's errors, translated at the border. */

#include "common/postgres/postgres_internal.h"

#include <stdio.h>
#include <string.h>

/* Errors that pass by themselves: the connection, the server's state, other transactions,
 * time-outs. Prefixes. */
static const char *const passing_states[] = {
    "08",    /* connection exception */
    "53",    /* insufficient resources */
    "57P",   /* shutdown, crash, cannot connect now */
    "40001", /* serialization failure; conflict with recovery on a replica */
    "40003", /* statement completion unknown */
    "40P01", /* deadlock */
    "55P03", /* lock_timeout */
    "57014", /* statement_timeout */
    "25P03", /* idle_in_transaction_session_timeout */
    "25P04", /* transaction_timeout (PostgreSQL 17) */
    "25006", /* read-only: this server is a replica now */
    "58030", /* input or output error */
};

/* Another connection would do better: a replica where the primary was, a plan or statement that is
 * no longer good. */
static const char *const stale_states[] = {"25006", "0A000", "26000"};

static bool matches(const char *state, const char *const *prefixes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strncmp(state, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

enum err postgres_err_of_sqlstate(const char *state)
{
    if (state == NULL || matches(state, passing_states, ARRAY_COUNT(passing_states))) {
        return ERR_UNAVAILABLE;
    }
    return ERR_INTERNAL;
}

enum err postgres_note_failure(struct postgres *db, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    (void)snprintf(db->trouble, sizeof(db->trouble), "%s: %s", state == NULL ? "-" : state,
                   message == NULL ? PQresultErrorMessage(result) : message);
    (void)snprintf(db->constraint, sizeof(db->constraint), "%s",
                   constraint == NULL ? "" : constraint);
    db->has_timed_out = state != NULL && strcmp(state, "57014") == 0;
    if (state != NULL && matches(state, stale_states, ARRAY_COUNT(stale_states))) {
        db->is_stale = true;
    }
    return postgres_err_of_sqlstate(state);
}

enum err postgres_lose(struct postgres *db, const char *doing)
{
    const char *message = db->connection == NULL ? "" : PQerrorMessage(db->connection);
    if (message[0] != '\0') {
        (void)snprintf(db->trouble, sizeof(db->trouble), "%s: %s", doing, message);
        db->trouble[strcspn(db->trouble, "\n")] = '\0';
    } else {
        (void)snprintf(db->trouble, sizeof(db->trouble), "%s", doing);
    }
    postgres_disconnect(db);
    return ERR_UNAVAILABLE;
}

const char *postgres_trouble(const struct postgres *db)
{
    return db->trouble;
}

bool postgres_has_timed_out(const struct postgres *db)
{
    return db->has_timed_out;
}

const char *postgres_violated_constraint(const struct postgres *db)
{
    return db->constraint[0] == '\0' ? NULL : db->constraint;
}

enum err postgres_ctx_fail(struct ctx *ctx, enum err err)
{
    if (err == OK) {
        return OK;
    }
    if (err == ERR_UNAVAILABLE) {
        return ctx_fail(ctx, err, "the database is not available at the moment");
    }
    return ctx_fail(ctx, err, "something went wrong here");
}
