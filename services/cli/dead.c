/* postroom dead: commands that failed for good with nobody to tell. The table of its verbs, and
 * their arguments. */

#include "dead.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verb.h"

/* What a verb takes. */
enum {
    TAKES_CHOICE = 1 << 0,      /* ids, or --message, --code or --all: one of the three */
    TAKES_ID = 1 << 1,          /* exactly one */
    TAKES_FILTER = 1 << 2,      /* --message, --code */
    TAKES_ASSIGNMENTS = 1 << 3, /* field=value */
    NEEDS_CHANGE = 1 << 4,      /* field=value, or "-" */
    TAKES_JSON = 1 << 5,
};

struct dead_verb {
    const char *name;
    unsigned takes;
    int (*run)(const struct dead_request *request, struct arena *arena);
};

static const struct dead_verb dead_verbs[] = {
    {"list", TAKES_FILTER | TAKES_JSON, dead_list_run},
    {"show", TAKES_ID | TAKES_JSON, dead_show_run},
    {"retry", TAKES_CHOICE | TAKES_ASSIGNMENTS, dead_retry_run},
    {"drop", TAKES_CHOICE, dead_drop_run},
    {"edit", TAKES_ID | TAKES_ASSIGNMENTS | NEEDS_CHANGE, dead_edit_run},
    {"log", TAKES_JSON, dead_log_run},
};

static const struct option options[] = {
    {"message", required_argument, NULL, 'm'},
    {"code", required_argument, NULL, 'c'},
    {"all", no_argument, NULL, 'a'},
    {"json", no_argument, NULL, 'j'},
    {NULL, 0, NULL, 0},
};

static int print_help(FILE *stream, int status)
{
    (void)fputs(
        "usage: postroom dead list [--message GLOB] [--code CODE] [--json]\n"
        "       postroom dead show ID [--json]\n"
        "       postroom dead retry ID… | --message GLOB [--code CODE] | --all\n"
        "       postroom dead retry ID SECRET=VALUE…\n"
        "       postroom dead drop  ID… | --message GLOB [--code CODE] | --all\n"
        "       postroom dead edit ID FIELD=VALUE… | -\n"
        "       postroom dead log [--json]\n\n"
        "Commands that failed for good and had nobody to tell, with their secrets removed.\n\n"
        "  list   by message and code; --json has the newest 100 letters of each\n"
        "  show   one letter with its body and headers\n"
        "  retry  send again under the same identity: the effect happens once at most.\n"
        "         Secrets are not kept: give them again (SECRET=-, SECRET=@FILE), one letter\n"
        "         at a time\n"
        "  drop   delete; whoever asks for the command's state is told that it failed\n"
        "  edit   other values for some fields, or a whole new body from standard input\n"
        "  log    who has done what with which letter, the latest first\n",
        stream);
    return status;
}

static bool parse_id(const char *text, int64_t *ret)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    *ret = number;
    return errno == 0 && end != text && *end == '\0' && number > 0;
}

static int parse_options(int count, char **arguments, struct dead_request *request)
{
    int option;
    while ((option = getopt_long(count, arguments, "", options, NULL)) != -1) {
        switch (option) {
        case 'm':
            request->message = optarg;
            break;
        case 'c':
            request->code = optarg;
            break;
        case 'a':
            request->is_all = true;
            break;
        case 'j':
            request->is_json = true;
            break;
        default:
            return EXIT_USAGE; /* getopt_long has said why */
        }
    }
    return EXIT_DONE;
}

static int parse_places(int count, char **arguments, struct arena *arena,
                        struct dead_request *request)
{
    request->ids = arena_alloc(arena, (size_t)count * sizeof(*request->ids));
    request->assignments = arena_alloc(arena, (size_t)count * sizeof(*request->assignments));
    for (int i = optind; i < count; i++) {
        if (strcmp(arguments[i], "-") == 0) {
            request->is_stdin = true;
        } else if (strchr(arguments[i], '=') != NULL) {
            request->assignments[request->assignment_count++] = arguments[i];
        } else if (!parse_id(arguments[i], &request->ids[request->id_count++])) {
            return cli_fail(EXIT_USAGE,
                            "'%s' is neither the number of a dead letter nor "
                            "field=value",
                            arguments[i]);
        }
    }
    return EXIT_DONE;
}

static bool is_fitting(const struct dead_verb *verb, const struct dead_request *request)
{
    unsigned takes = verb->takes;
    bool has_filter = request->message != NULL || request->code != NULL;
    unsigned choices = (request->id_count > 0) + has_filter + request->is_all;
    bool is_chosen = (takes & TAKES_CHOICE) != 0   ? choices == 1
                     : (takes & TAKES_ID) != 0     ? request->id_count == 1 && choices == 1
                     : (takes & TAKES_FILTER) != 0 ? request->id_count == 0 && !request->is_all
                                                   : choices == 0;
    bool has_change = (request->assignment_count > 0) != request->is_stdin;
    bool is_for_one = (takes & TAKES_ASSIGNMENTS) != 0 && request->id_count == 1;
    return is_chosen && (!request->is_json || (takes & TAKES_JSON) != 0) &&
           (request->assignment_count == 0 || is_for_one) &&
           ((takes & NEEDS_CHANGE) != 0 ? has_change : !request->is_stdin);
}

static const struct dead_verb *find_verb(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(dead_verbs); i++) {
        if (strcmp(dead_verbs[i].name, name) == 0) {
            return &dead_verbs[i];
        }
    }
    return NULL;
}

int dead_run(int count, char **arguments)
{
    if (cli_wants_help(count, arguments)) {
        return print_help(stdout, EXIT_DONE);
    }
    const struct dead_verb *verb = count < 2 ? NULL : find_verb(arguments[1]);
    if (verb == NULL) {
        return print_help(stderr, EXIT_USAGE);
    }
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct dead_request request = {0};
    int status = parse_options(count - 1, arguments + 1, &request);
    if (status == EXIT_DONE) {
        status = parse_places(count - 1, arguments + 1, arena, &request);
    }
    if (status != EXIT_DONE) {
        return status;
    }
    return is_fitting(verb, &request) ? verb->run(&request, arena) : print_help(stderr, EXIT_USAGE);
}
