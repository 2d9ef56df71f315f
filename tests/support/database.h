/*
 * A PostgreSQL database of a suite's own, on the server that TEST_DATABASE_URL names (a superuser
 * there; without it the suite fails, it does not skip). Made and dropped once a suite, by unchecked
 * fixtures; emptied before each test. Any trouble ends the process with a sentence.
 */
#pragma once

#include <stdint.h>

enum { TEST_DATABASE_TEXT_SIZE = 1024 };

struct test_database {
    char name[64];
    char url[TEST_DATABASE_TEXT_SIZE];
};

/* A new, empty database without any table. */
void test_database_create(struct test_database *ret);
/* All migrations of MIGRATIONS_DIR. */
void test_database_migrate(const struct test_database *database);
void test_database_drop(const struct test_database *database);
/* Empty every table; ids go on from where they were. */
void test_database_clear(const struct test_database *database);

/* Run statements, each on its own, on a connection that is gone afterwards. */
void test_database_run(const struct test_database *database, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The one integer that a query selects. */
int64_t test_database_integer(const struct test_database *database, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* End the connections of this application name. */
void test_database_terminate(const struct test_database *database, const char *application_name);
/* Wait until some connection waits for a lock, for at most 5 s. */
void test_database_await_lock_wait(const struct test_database *database);
