/* Applying migrations, and asking whether they were applied. */

#include "common/postgres/migrations.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/postgres/postgres_internal.h"
#include "common/postgres/schema_version.h"

enum { LOCK_WAIT_MS = 60000, TABLE_WAIT_MS = 10000, MIGRATION_MS = 600000 };
static const int64_t lock_key = INT64_C(0x706f7374726f6f6d); /* "postroom" */

static const struct postgres_statement lock = {"lock", "SELECT pg_advisory_lock($1)"};
static const struct postgres_statement wait_less = {"wait_less",
                                                    "SELECT set_config('lock_timeout', $1, false)"};
static const struct postgres_statement find_applied = {
    "find_applied", "SELECT version, name, checksum FROM schema_migrations ORDER BY version"};
static const struct postgres_statement begin = {"begin", "BEGIN"};
static const struct postgres_statement commit = {"commit", "COMMIT"};
static const struct postgres_statement record = {
    "record", "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)"};
static const struct postgres_statement find_version = {
    "find_version", "SELECT coalesce(max(version), 0) FROM schema_migrations"};

static const char table[] = "CREATE TABLE IF NOT EXISTS schema_migrations ("
                            " version bigint PRIMARY KEY,"
                            " name text NOT NULL,"
                            " checksum text NOT NULL,"
                            " applied_at timestamptz NOT NULL DEFAULT now())";

/* Takes the lock; the connection's end gives it back. */
static enum err prepare_database(struct postgres *db)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, lock_key);
    TRY(postgres_execute(db, &lock, &parameters, NULL));
    char milliseconds[16];
    (void)snprintf(milliseconds, sizeof(milliseconds), "%d", TABLE_WAIT_MS);
    parameters = (struct postgres_parameters){0};
    postgres_add_text(&parameters, milliseconds);
    TRY(postgres_execute(db, &wait_less, &parameters, NULL));
    return postgres_run_script(db, table, TABLE_WAIT_MS);
}

/* `applied` holds what the database says of its migration number `row` + 1. */
static enum err check_applied(const struct pg_result *applied, int row,
                              const struct migration_list *list, struct arena *arena,
                              const char **ret_reason)
{
    int64_t version = postgres_int64(applied, row, 0);
    const char *name = postgres_text(applied, row, 1, arena);
    if (version != row + 1) {
        *ret_reason = arena_printf(arena,
                                   "the database has %s but not migration %04d: it cannot be "
                                   "applied out of order",
                                   name, row + 1);
        return ERR_INVALID_INPUT;
    }
    if (version > (int64_t)list->count) {
        *ret_reason = arena_printf(arena,
                                   "the database has %s, which is missing here: this is an older "
                                   "release, or the file was lost",
                                   name);
        return ERR_INVALID_INPUT;
    }
    if (strcmp(postgres_text(applied, row, 2, arena), list->items[row].checksum) != 0) {
        *ret_reason = arena_printf(arena,
                                   "%s was changed after it had been applied: restore it, and put "
                                   "the change into a new migration",
                                   list->items[row].name);
        return ERR_INVALID_INPUT;
    }
    return OK;
}

static enum err check_all_applied(struct postgres *db, const struct migration_list *list,
                                  struct arena *arena, size_t *ret_count, const char **ret_reason)
{
    const struct pg_result *applied;
    TRY(postgres_execute(db, &find_applied, NULL, &applied));
    int count = postgres_row_count(applied);
    for (int row = 0; row < count; row++) {
        TRY(check_applied(applied, row, list, arena, ret_reason));
    }
    *ret_count = (size_t)count;
    return OK;
}

static enum err apply_one(struct postgres *db, const struct migration *migration,
                          struct arena *arena, const char **ret_reason)
{
    TRY(postgres_execute(db, &begin, NULL, NULL));
    TRY(postgres_run_script(db, migration->sql, MIGRATION_MS));
    if (!postgres_is_in_transaction(db)) {
        *ret_reason = arena_printf(arena, "%s must not end its transaction", migration->name);
        return ERR_INTERNAL;
    }
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, migration->version);
    postgres_add_text(&parameters, migration->name);
    postgres_add_text(&parameters, migration->checksum);
    postgres_queue(db, &record, &parameters);
    postgres_queue(db, &commit, NULL);
    return postgres_run(db);
}

static enum err apply_missing(struct postgres *db, const struct migration_list *list,
                              struct arena *arena, migration_applied *applied, void *owner,
                              const char **ret_reason)
{
    size_t count = 0;
    TRY(prepare_database(db));
    TRY(check_all_applied(db, list, arena, &count, ret_reason));
    for (size_t i = count; i < list->count; i++) {
        enum err err = apply_one(db, &list->items[i], arena, ret_reason);
        if (err != OK && *ret_reason == NULL) {
            *ret_reason = arena_printf(arena, "%s: %s", list->items[i].name, postgres_trouble(db));
        }
        TRY(err);
        if (applied != NULL) {
            applied(owner, &list->items[i]);
        }
    }
    return OK;
}

enum err migrations_apply(const char *database_url, const struct migration_list *list,
                          struct arena *arena, migration_applied *applied, void *owner,
                          const char **ret_reason)
{
    struct postgres *db = postgres_new(&(struct postgres_options){
        .url = database_url,
        .application_name = "postroom migrate",
        .access = POSTGRES_READ_WRITE,
        .lock_timeout_ms = LOCK_WAIT_MS,
        .statement_timeout_ms = MIGRATION_MS,
        .round_trip_timeout_ms = MIGRATION_MS + TABLE_WAIT_MS,
    });
    *ret_reason = NULL;
    enum err err = apply_missing(db, list, arena, applied, owner, ret_reason);
    if (err != OK && *ret_reason == NULL) {
        *ret_reason = arena_strdup(arena, postgres_trouble(db));
    }
    postgres_free(db);
    return err;
}

enum err migrations_are_current(struct postgres *db)
{
    const struct pg_result *found;
    enum err err = postgres_execute(db, &find_version, NULL, &found);
    if (err == ERR_UNAVAILABLE) {
        return err;
    }
    int64_t version = err == OK ? postgres_int64(found, 0, 0) : 0;
    if (version >= SCHEMA_VERSION) {
        return OK;
    }
    (void)snprintf(db->trouble, sizeof(db->trouble),
                   "the database has %" PRId64 " of %d migrations: run `postroom migrate`", version,
                   SCHEMA_VERSION);
    return ERR_UNAVAILABLE;
}
