/* From arguments to a message, and from its reply to standard output. */

#include "request.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "common/core/uuid.h"
#include "database.h"
#include "describe.h"
#include "input.h"
#include "verb.h"

struct request {
    enum message_kind kind;
    const struct contract *contract; /* NULL: none was named */
    char *const *assignments;
    int assignment_count;
    const char *email; /* --as */
    const char *json;  /* --json */
    char message_id[UUID_TEXT_SIZE];
    int64_t timeout_ms; /* 0: as the settings say */
    bool is_answer_wanted;
    bool is_help_wanted;
};

static const struct option options[] = {
    {"as", required_argument, NULL, 'a'},
    {"id", required_argument, NULL, 'i'},
    {"json", required_argument, NULL, 'j'},
    {"timeout", required_argument, NULL, 't'},
    {"no-wait", no_argument, NULL, 'n'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static const char *verb_of(enum message_kind kind)
{
    return kind == MESSAGE_QUERY ? "query" : "send";
}

static int print_help(const struct request *request)
{
    const char *verb = verb_of(request->kind);
    if (request->contract != NULL) {
        (void)printf("usage: postroom %s %s [FIELD=VALUE…] [OPTION…]\n\n", verb,
                     request->contract->name);
        describe_message(stdout, request->contract);
        return EXIT_DONE;
    }
    (void)printf(
        "usage: postroom %s NAME [FIELD=VALUE…] [OPTION…]\n\n"
        "  FIELD=VALUE     a field, typed as the message's contract says\n"
        "  FIELD=@FILE     its text from a file;  FIELD=-  from standard input\n"
        "  --json TEXT     all fields as one JSON object, sent as it is (or @FILE, or -)\n"
        "  --as EMAIL      act for this user (looked up in the database)\n"
        "  --id UUID       the message_id: the same again is the same message\n"
        "  --timeout MS    how long to wait (default: REPLY_TIMEOUT_MS)\n%s\n"
        "The reply's body goes to standard output; `postroom %s NAME --help` lists a message's "
        "fields.\n\n",
        verb,
        request->kind == MESSAGE_COMMAND ? "  --no-wait       leave once the broker has it\n" : "",
        verb);
    describe_messages(stdout, request->kind);
    return EXIT_DONE;
}

static bool parse_timeout(const char *text, int64_t *ret)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 1 || number > 600000) {
        return false;
    }
    *ret = number;
    return true;
}

static int parse_option(struct request *request, int option)
{
    switch (option) {
    case 'a':
        request->email = optarg;
        return EXIT_DONE;
    case 'j':
        request->json = optarg;
        return EXIT_DONE;
    case 'n':
        request->is_answer_wanted = false;
        return request->kind == MESSAGE_COMMAND
                   ? EXIT_DONE
                   : cli_fail(EXIT_USAGE, "--no-wait is for commands: a query is its answer");
    case 'h':
        request->is_help_wanted = true;
        return EXIT_DONE;
    case 'i':
        return uuid_parse(optarg, strlen(optarg), request->message_id)
                   ? EXIT_DONE
                   : cli_fail(EXIT_USAGE, "--id takes a UUID");
    case 't':
        return parse_timeout(optarg, &request->timeout_ms)
                   ? EXIT_DONE
                   : cli_fail(EXIT_USAGE, "--timeout takes milliseconds, 1 to 600000");
    default:
        return EXIT_USAGE; /* getopt_long has said why */
    }
}

static int find_contract(struct request *request, const char *name)
{
    const struct contract *contract = contract_find(name, strlen(name));
    if (contract == NULL || contract->kind == MESSAGE_EVENT) {
        return cli_fail(EXIT_USAGE, "there is no message '%s'; postroom %s --help lists them", name,
                        verb_of(request->kind));
    }
    if (contract->kind != request->kind) {
        return cli_fail(EXIT_USAGE, "%s is a %s: postroom %s %s", name,
                        contract->kind == MESSAGE_QUERY ? "query" : "command",
                        verb_of(contract->kind), name);
    }
    request->contract = contract;
    return EXIT_DONE;
}

static int parse(struct request *request, int count, char **arguments)
{
    int option;
    while ((option = getopt_long(count, arguments, "h", options, NULL)) != -1) {
        int status = parse_option(request, option);
        if (status != EXIT_DONE) {
            return status;
        }
    }
    if (optind < count) {
        request->assignments = arguments + optind + 1;
        request->assignment_count = count - optind - 1;
        return find_contract(request, arguments[optind]);
    }
    return request->is_help_wanted
               ? EXIT_DONE
               : cli_fail(EXIT_USAGE, "which message? postroom %s --help lists them",
                          verb_of(request->kind));
}

static int make_body(const struct request *request, struct buffer *body)
{
    if (request->json == NULL) {
        return input_from_fields(request->contract, request->assignments, request->assignment_count,
                                 body);
    }
    if (request->assignment_count > 0) {
        return cli_fail(EXIT_USAGE, "--json stands for all fields: give one or the other");
    }
    return input_from_json(request->json, body);
}

static int print_answer(const struct call *call, const struct answer *answer)
{
    if (answer->body == NULL) {
        (void)printf("{\"message_id\":\"%s\"}\n", call->message_id);
        return EXIT_DONE;
    }
    (void)fwrite(answer->body, 1, answer->body_size, stdout);
    (void)fputc('\n', stdout);
    return answer->is_problem ? EXIT_PROBLEM : EXIT_DONE;
}

static int carry_out(struct request *request, struct arena *arena)
{
    struct buffer body;
    buffer_init(&body, arena);
    int status = make_body(request, &body);
    if (status != EXIT_DONE) {
        return status;
    }
    struct settings settings;
    cli_settings_load(&settings,
                      CLI_NEEDS_BROKER | (request->email == NULL ? 0 : CLI_NEEDS_DATABASE));
    struct call call = {
        .is_repeatable = true,
        .contract = request->contract,
        .message_id = request->message_id,
        .body = body.data == NULL ? "" : body.data,
        .body_size = body.size,
        .user_id = NOBODY,
        .timeout_ms = request->timeout_ms == 0 ? settings.reply_timeout_ms : request->timeout_ms,
        .is_answer_wanted = request->is_answer_wanted,
    };
    if (request->email != NULL) {
        status = database_find_user(&settings, request->email, &call.user_id);
    }
    struct answer answer;
    if (status == EXIT_DONE) {
        status = call_send(&settings, &call, arena, &answer);
    }
    return status == EXIT_DONE ? print_answer(&call, &answer) : status;
}

int request_run(enum message_kind kind, int count, char **arguments)
{
    struct request request = {.kind = kind, .is_answer_wanted = true};
    uuid_new(request.message_id);
    int status = parse(&request, count, arguments);
    if (status != EXIT_DONE) {
        return status;
    }
    if (request.is_help_wanted) {
        return print_help(&request);
    }
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    return carry_out(&request, arena);
}
