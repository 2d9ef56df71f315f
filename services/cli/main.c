/* postroom: the command line. One verb a file; this is the table of them. */

#include <stdio.h>
#include <string.h>

#include "common/core/attributes.h"
#include "verb.h"

static const struct verb verbs[] = {
    {"migrate", "bring the database up to date", migrate_run},
    {"send", "send a command and print its result", send_run},
    {"query", "send a query and print its result", query_run},
    {"users", "create a user, give and take the rights of the staff", users_run},
    {"dead", "list, show, retry, edit and drop dead letters", dead_run},
    {"schedule", "list the periodic messages, or send one now", schedule_run},
    {"topology", "declare the exchanges and queues, and print them", topology_run},
};

static void print_help(FILE *stream)
{
    (void)fputs("usage: postroom VERB [ARGUMENT…]\n\n", stream);
    for (size_t i = 0; i < ARRAY_COUNT(verbs); i++) {
        (void)fprintf(stream, "  %-10s %s\n", verbs[i].name, verbs[i].summary);
    }
    (void)fputs("\npostroom VERB --help says more of one.\n\n"
                "Exit status: 0 done; 1 answered with a problem, or not there; 64 wrong usage;\n"
                "69 broker or database out of reach; 75 no answer in time; 78 wrong settings.\n\n"
                "Settings (environment variables):\n",
                stream);
    settings_print(stream, SETTINGS_CLI);
}

int main(int count, char **arguments)
{
    if (count < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    const char *name = arguments[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help(stdout);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < ARRAY_COUNT(verbs); i++) {
        if (strcmp(name, verbs[i].name) == 0) {
            return verbs[i].run(count - 1, arguments + 1);
        }
    }
    return cli_fail(EXIT_USAGE, "there is no verb '%s'; postroom --help lists them", name);
}
