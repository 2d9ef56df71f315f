/*
 * A verb of the command line: what main.c's table is made of. Each has a file of its own. Results
 * go to standard output, everything said about them to standard error; the exit status is one of
 * below.
 */
#pragma once

#include <stdbool.h>

#include "common/core/attributes.h"
#include "common/core/settings.h"

/* As sysexits.h has them; 78 (EXIT_CONFIGURATION) and 64 (EXIT_USAGE) are in settings.h. */
enum {
    EXIT_DONE = 0,
    EXIT_PROBLEM = 1, /* the message was answered with a problem; what was asked for is not there */
    EXIT_UNREACHABLE = 69, /* the broker or the database */
    EXIT_NO_ANSWER = 75,   /* within the time-out: it may be done later */
};

struct verb {
    const char *name;
    const char *summary;
    /* `arguments[0]` is the verb's name. Returns the exit status. */
    int (*run)(int count, char **arguments);
};

int migrate_run(int count, char **arguments);
int send_run(int count, char **arguments);
int query_run(int count, char **arguments);
int users_run(int count, char **arguments);
int dead_run(int count, char **arguments);
int schedule_run(int count, char **arguments);
int topology_run(int count, char **arguments);

enum cli_needs { CLI_NEEDS_BROKER = 1 << 0, CLI_NEEDS_DATABASE = 1 << 1 };

/* Read the settings; those of what is not needed (of enum cli_needs) may be missing. Exits 78 as
 * settings_load does. */
void cli_settings_load(struct settings *ret, unsigned needs);

/* Is --help among the arguments? */
bool cli_wants_help(int count, char *const *arguments);

/* One line on standard error: "postroom: …". Returns `status`, so that a verb can leave with it. */
int cli_fail(int status, const char *format, ...) PRINTF_LIKE(2, 3);
