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

enum rights_change { RIGHTS_GRANT, RIGHTS_REVOKE };

/* A user as this finds one. */
struct entitled {
    int64_t id;
    const char *email; /* in the arena */
    struct rights rights;
};

/* Give these rights to the user with this address, active or not and in any case of letters, or
 * take them; those not named stay. EXIT_DONE, EXIT_PROBLEM (nobody) or EXIT_UNREACHABLE. */
int database_change_rights(struct postgres *db, const char *email, enum rights_change change,
                           const struct rights *rights, struct arena *arena, struct entitled *ret);

/* Run a statement; NULL when that fails. The result is valid until the next. */
const struct pg_result *database_ask(struct postgres *db,
                                     const struct postgres_statement *statement,
                                     const struct postgres_parameters *parameters);
