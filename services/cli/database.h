/* What the command line asks of the database. Says on standard error what goes wrong. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/core/settings.h"
#include "common/postgres/postgres.h"

/* The end of "to_char(TIME": as times are everywhere in Postroom, and shorter ones for tables. */
#define DATABASE_MICROSECONDS " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
#define DATABASE_SECONDS " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"

/* Connects and checks the migrations; NULL when that fails. Owned: postgres_free. */
struct postgres *database_open(const struct settings *settings);
static inline void database_cleanup(struct postgres **db)
{
    postgres_free(*db);
}

/* The id of the active user with this address, in any case of letters. EXIT_DONE, EXIT_PROBLEM
 * (nobody) or EXIT_UNREACHABLE. */
int database_find_user(const struct settings *settings, const char *email, int64_t *ret_id);

struct rights {
    bool is_staff;
    bool is_superuser;
};

/* Give a user these rights. EXIT_DONE or EXIT_UNREACHABLE. */
int database_grant(struct postgres *db, int64_t user_id, const struct rights *rights);

/* Run a statement; NULL when that fails. The result is valid until the next. */
const struct pg_result *database_ask(struct postgres *db,
                                     const struct postgres_statement *statement,
                                     const struct postgres_parameters *parameters);
