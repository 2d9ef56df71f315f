/* The database, for verbs that need it. */

#include "database.h"

#include "common/postgres/migrations.h"
#include "verb.h"

static const struct postgres_statement find_user = {
    "cli_find_user",
    "SELECT id FROM users"
    " WHERE lower(email COLLATE \"C\") = lower($1::text COLLATE \"C\") AND is_active",
};

#define OF_ADDRESS                                                                                 \
    " WHERE lower(email COLLATE \"C\") = lower($1::text COLLATE \"C\")"                            \
    " RETURNING id, email, is_staff, is_superuser"

static const struct postgres_statement change_rights[] = {
    [RIGHTS_GRANT] = {"cli_grant", "UPDATE users SET is_staff = is_staff OR $2::bool,"
                                   " is_superuser = is_superuser OR $3::bool" OF_ADDRESS},
    [RIGHTS_REVOKE] = {"cli_revoke", "UPDATE users SET is_staff = is_staff AND NOT $2::bool,"
                                     " is_superuser = is_superuser AND NOT $3::bool" OF_ADDRESS},
};

struct postgres *database_open(const struct settings *settings)
{
    struct postgres *db = postgres_new(&(struct postgres_options){
        .url = settings->database_url,
        .application_name = "postroom",
    });
    if (migrations_are_current(db) == OK) {
        return db;
    }
    (void)cli_fail(EXIT_UNREACHABLE, "the database is not ready: %s", postgres_trouble(db));
    postgres_free(db);
    return NULL;
}

const struct pg_result *database_ask(struct postgres *db,
                                     const struct postgres_statement *statement,
                                     const struct postgres_parameters *parameters)
{
    const struct pg_result *result;
    if (postgres_execute(db, statement, parameters, &result) != OK) {
        (void)cli_fail(EXIT_UNREACHABLE, "the database: %s", postgres_trouble(db));
        return NULL;
    }
    return result;
}

int database_find_user(const struct settings *settings, const char *email, int64_t *ret_id)
{
    CLEANUP(database_cleanup) struct postgres *db = database_open(settings);
    if (db == NULL) {
        return EXIT_UNREACHABLE;
    }
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, email);
    const struct pg_result *found = database_ask(db, &find_user, &parameters);
    if (found == NULL) {
        return EXIT_UNREACHABLE;
    }
    if (postgres_row_count(found) == 0) {
        return cli_fail(EXIT_PROBLEM, "there is no active user with the address '%s'", email);
    }
    *ret_id = postgres_int64(found, 0, 0);
    return EXIT_DONE;
}

int database_change_rights(struct postgres *db, const char *email, enum rights_change change,
                           const struct rights *rights, struct arena *arena, struct entitled *ret)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, email);
    postgres_add_bool(&parameters, rights->is_staff);
    postgres_add_bool(&parameters, rights->is_superuser);
    const struct pg_result *changed = database_ask(db, &change_rights[change], &parameters);
    if (changed == NULL) {
        return EXIT_UNREACHABLE;
    }
    if (postgres_row_count(changed) == 0) {
        return cli_fail(EXIT_PROBLEM, "there is no user with the address '%s'", email);
    }
    *ret = (struct entitled){
        .id = postgres_int64(changed, 0, 0),
        .email = postgres_text(changed, 0, 1, arena),
        .rights = {postgres_bool(changed, 0, 2), postgres_bool(changed, 0, 3)},
    };
    return EXIT_DONE;
}
