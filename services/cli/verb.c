/* What all verbs share: settings and the way they fail. */

#include "verb.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus/amqp_bus.h"
#include "common/postgres/postgres.h"

/* A setting that this verb does not use need not be there: any value passes. */
static void excuse(const char *name)
{
    (void)setenv(name, "unused", 0);
}

static void refuse(const char *line)
{
    (void)fprintf(stderr, "%s\n", line);
    exit(EXIT_CONFIGURATION);
}

void cli_settings_load(struct settings *ret, unsigned needs)
{
    bool needs_broker = (needs & CLI_NEEDS_BROKER) != 0;
    bool needs_database = (needs & CLI_NEEDS_DATABASE) != 0;
    if (!needs_broker) {
        excuse("AMQP_URL");
    }
    if (!needs_database) {
        excuse("DATABASE_URL");
    }
    settings_load(ret, SETTINGS_CLI);
    if (needs_broker && !amqp_url_is_valid(ret->amqp_url)) {
        refuse("AMQP_URL must look like amqp://user:password@host:port/vhost");
    }
    if (needs_database && !postgres_url_is_valid(ret->database_url)) {
        refuse("DATABASE_URL must look like postgresql://user:password@host:port/name");
    }
}

bool cli_wants_help(int count, char *const *arguments)
{
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--help") == 0) {
            return true;
        }
    }
    return false;
}

int cli_fail(int status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("postroom: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    return status;
}
