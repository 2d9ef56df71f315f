/* A database for a suite. Plain libpq, so that it does not stand on what it helps to test. */

#include "tests/support/database.h"

#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/core/arena.h"
#include "common/core/clock.h"
#include "common/core/uuid.h"
#include "common/postgres/migrations.h"

enum { SQL_SIZE = 4096 };

static void give_up(const char *doing, const char *why)
{
    (void)fprintf(stderr, "test database: %s: %s\n", doing, why);
    exit(EXIT_FAILURE);
}

static const char *server_url(void)
{
    const char *url = getenv("TEST_DATABASE_URL");
    if (url == NULL || url[0] == '\0') {
        give_up("TEST_DATABASE_URL is not set", "run the tests by ./dev test");
    }
    return url;
}

static PGresult *run(const char *url, const char *sql)
{
    PGconn *connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK) {
        give_up("connecting", PQerrorMessage(connection));
    }
    PQclear(PQexec(connection, "SET client_min_messages = warning"));
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        give_up(sql, PQerrorMessage(connection));
    }
    PQfinish(connection);
    return result;
}

/* TEST_DATABASE_URL with another database's name, as key='value' pairs. */
static void make_url(const char *name, char ret[TEST_DATABASE_TEXT_SIZE])
{
    PQconninfoOption *options = PQconninfoParse(server_url(), NULL);
    if (options == NULL) {
        give_up("TEST_DATABASE_URL", "is no connection string");
    }
    size_t size = (size_t)snprintf(ret, TEST_DATABASE_TEXT_SIZE, "dbname='%s'", name);
    for (const PQconninfoOption *option = options; option->keyword != NULL; option++) {
        if (option->val != NULL && strcmp(option->keyword, "dbname") != 0) {
            size += (size_t)snprintf(ret + size, TEST_DATABASE_TEXT_SIZE - size, " %s='%s'",
                                     option->keyword, option->val);
        }
        if (size >= TEST_DATABASE_TEXT_SIZE) {
            give_up("TEST_DATABASE_URL", "is too long");
        }
    }
    PQconninfoFree(options);
}

void test_database_create(struct test_database *ret)
{
    char id[UUID_TEXT_SIZE];
    uuid_new(id);
    (void)snprintf(ret->name, sizeof(ret->name), "postroom_test_%s", id);
    char sql[SQL_SIZE];
    (void)snprintf(sql, sizeof(sql), "CREATE DATABASE \"%s\"", ret->name);
    PQclear(run(server_url(), sql));
    make_url(ret->name, ret->url);
}

void test_database_migrate(const struct test_database *database)
{
    const char *directory = getenv("MIGRATIONS_DIR");
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct migration_list list;
    const char *reason = NULL;
    if (migrations_read(directory == NULL ? "migrations" : directory, arena, &list, &reason) !=
            OK ||
        migrations_apply(database->url, &list, arena, NULL, NULL, &reason) != OK) {
        give_up("migrating", reason);
    }
}

void test_database_drop(const struct test_database *database)
{
    char sql[SQL_SIZE];
    (void)snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS \"%s\" WITH (FORCE)", database->name);
    PQclear(run(server_url(), sql));
}

void test_database_clear(const struct test_database *database)
{
    test_database_run(database, "DELETE FROM posts; DELETE FROM sessions; DELETE FROM users;"
                                " DELETE FROM inbox; DELETE FROM outbox; DELETE FROM attempts;"
                                " DELETE FROM dead_letters; DELETE FROM dead_letter_actions;"
                                " DELETE FROM schedule; DELETE FROM login_attempts;"
                                " DELETE FROM admin_changes");
}

void test_database_run(const struct test_database *database, const char *format, ...)
{
    char sql[SQL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(sql, sizeof(sql), format, arguments);
    va_end(arguments);
    PQclear(run(database->url, sql));
}

int64_t test_database_integer(const struct test_database *database, const char *format, ...)
{
    char sql[SQL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(sql, sizeof(sql), format, arguments);
    va_end(arguments);
    PGresult *result = run(database->url, sql);
    if (PQntuples(result) != 1) {
        give_up(sql, "does not select one row");
    }
    int64_t value = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return value;
}

void test_database_terminate(const struct test_database *database, const char *application_name)
{
    (void)test_database_integer(
        database,
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
        " WHERE application_name = '%s' AND datname = current_database()",
        application_name);
}

void test_database_await_lock_wait(const struct test_database *database)
{
    int64_t deadline_ms = clock_monotonic_ms() + 5000;
    while (test_database_integer(database, "SELECT count(*) FROM pg_stat_activity"
                                           " WHERE wait_event_type = 'Lock'"
                                           " AND datname = current_database()") == 0) {
        if (clock_monotonic_ms() > deadline_ms) {
            give_up("waiting", "nobody waits for a lock");
        }
        (void)usleep(10000);
    }
}
