/* postroom migrate: bring the database up to date. */

#include <stdio.h>

#include "common/postgres/migrations.h"
#include "verb.h"

static int print_help(FILE *stream, int status)
{
    (void)fputs("usage: postroom migrate\n\n"
                "Applies the migrations in MIGRATIONS_DIR that the database lacks, each in a\n"
                "transaction of its own. Run it as often as you like, from as many machines.\n",
                stream);
    return status;
}

static void print_applied(void *owner, const struct migration *migration)
{
    (void)owner;
    (void)printf("applied %s\n", migration->name);
    (void)fflush(stdout);
}

static int status_of(enum err err)
{
    if (err == ERR_UNAVAILABLE) {
        return EXIT_UNREACHABLE;
    }
    return err == ERR_INVALID_INPUT ? EXIT_CONFIGURATION : EXIT_PROBLEM;
}

static int migrate(const struct settings *settings, struct arena *arena)
{
    struct migration_list list;
    const char *reason = "";
    enum err err = migrations_read(settings->migrations_dir, arena, &list, &reason);
    if (err == OK) {
        err = migrations_apply(settings->database_url, &list, arena, print_applied, NULL, &reason);
    }
    if (err != OK) {
        return cli_fail(status_of(err), "%s", reason);
    }
    (void)printf("the database is up to date: %zu migrations\n", list.count);
    return EXIT_DONE;
}

int migrate_run(int count, char **arguments)
{
    if (cli_wants_help(count, arguments)) {
        return print_help(stdout, EXIT_DONE);
    }
    if (count > 1) {
        return print_help(stderr, EXIT_USAGE);
    }
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_DATABASE);
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    return migrate(&settings, arena);
}
