/*
 * The database's schema, as numbered SQL files: NNNN_name.sql, from 0001 without gaps. Each is
 * applied once, in order, in a transaction of its own that also records it with its checksum in
 * schema_migrations. An applied file must stay as it was.
 */
#pragma once

#include "common/core/arena.h"
#include "common/core/ctx.h"
#include "common/postgres/postgres.h"

struct migration {
    int64_t version;
    const char *name; /* of the file */
    const char *sql;
    char checksum[DIGEST_HEX_SIZE]; /* SHA-256 of the file */
};

struct migration_list {
    struct migration *items; /* in order: items[i].version is i + 1 */
    size_t count;
};

/* Read the folder. ERR_INVALID_INPUT: `ret_reason` (ctx) says in a sentence what is wrong with it.
 */
MUST_CHECK enum err migrations_read(const char *directory, struct arena *arena,
                                    struct migration_list *ret, const char **ret_reason);

/* Told of each migration once it has been applied. */
typedef void migration_applied(void *owner, const struct migration *migration);

/*
 * Apply what the database lacks. One process at a time (an advisory lock); a second waits for at
 * most a minute. `ret_reason` (ctx): a sentence for people. ERR_INVALID_INPUT: the files do not fit
 * what was applied before, nothing was done; ERR_UNAVAILABLE: the database is away or busy;
 * ERR_INTERNAL: a migration failed and was undone; those before it stay.
 */
MUST_CHECK enum err migrations_apply(const char *database_url, const struct migration_list *list,
                                     struct arena *arena, migration_applied *applied, void *owner,
                                     const char **ret_reason);

/* Does the database hold every migration known to this build, or more? ERR_UNAVAILABLE, with a
 * trouble that says so. */
MUST_CHECK enum err migrations_are_current(struct postgres *db);
