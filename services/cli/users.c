/* postroom users: create a user as everybody else does, by users.register; then the rights that no
 * message grants. */

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "call.h"
#include "common/core/uuid.h"
#include "contracts/users_register.h"
#include "database.h"
#include "password.h"
#include "verb.h"

struct creation {
    const char *email;
    struct rights rights;
    bool is_password_on_stdin;
};

static const struct option options[] = {
    {"staff", no_argument, NULL, 's'},
    {"superuser", no_argument, NULL, 'u'},
    {"password-stdin", no_argument, NULL, 'p'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static int print_help(FILE *stream, int status)
{
    (void)fputs(
        "usage: postroom users create EMAIL [OPTION…]\n\n"
        "  --staff           may enter the administration pages\n"
        "  --superuser       may make others staff; is staff\n"
        "  --password-stdin  take the password from standard input; else it is asked for\n\n"
        "The user is registered by the command users.register, so the services have to\n"
        "run; the rights are then set in the database.\n",
        stream);
    return status;
}

static int register_user(const struct settings *settings, const struct creation *creation,
                         const char *password, struct arena *arena, struct answer *ret)
{
    const struct users_register_command command = {
        .email = creation->email,
        .password1 = password,
        .password2 = password,
    };
    struct buffer body;
    buffer_init(&body, arena);
    json_encode(&users_register_command_object, &command, &body);
    char message_id[UUID_TEXT_SIZE];
    uuid_new(message_id);
    const struct call call = {
        .contract = &users_register_contract,
        .message_id = message_id,
        .body = body.data,
        .body_size = body.size,
        .timeout_ms = settings->reply_timeout_ms,
        .is_answer_wanted = true,
    };
    return call_send(settings, &call, arena, ret);
}

static int print_user(struct user *user, const struct rights *rights, struct arena *arena)
{
    user->is_staff = user->is_staff || rights->is_staff;
    struct buffer text;
    buffer_init(&text, arena);
    json_encode(&user_object, user, &text);
    (void)printf("{\"user\":%s}\n", text.data);
    return EXIT_DONE;
}

static int grant_and_print(struct postgres *db, const struct creation *creation,
                           const struct answer *answer, struct arena *arena)
{
    if (answer->is_problem) {
        (void)printf("%s\n", answer->body);
        return EXIT_PROBLEM;
    }
    struct users_register_result result = {0};
    struct problem problem = {0};
    if (json_decode(&users_register_result_object, answer->body, answer->body_size, arena, &problem,
                    &result) != OK) {
        return cli_fail(EXIT_PROBLEM, "the answer is not as users.register promises");
    }
    if (db != NULL && database_grant(db, result.user.id, &creation->rights) != EXIT_DONE) {
        return cli_fail(EXIT_UNREACHABLE, "%s is registered, but the rights could not be set",
                        creation->email);
    }
    return print_user(&result.user, &creation->rights, arena);
}

/* The database is reached first: a user without the rights that were asked for is half a job. */
static int create(const struct creation *creation, struct arena *arena)
{
    bool has_rights = creation->rights.is_staff || creation->rights.is_superuser;
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_BROKER | (has_rights ? CLI_NEEDS_DATABASE : 0));
    struct buffer password;
    buffer_init(&password, arena);
    int status =
        creation->is_password_on_stdin ? password_read_stdin(&password) : password_ask(&password);
    if (status != EXIT_DONE) {
        return status;
    }
    CLEANUP(database_cleanup) struct postgres *db = has_rights ? database_open(&settings) : NULL;
    if (has_rights && db == NULL) {
        return EXIT_UNREACHABLE;
    }
    struct answer answer;
    status = register_user(&settings, creation, password.data, arena, &answer);
    return status == EXIT_DONE ? grant_and_print(db, creation, &answer, arena) : status;
}

static int parse(struct creation *creation, int count, char **arguments)
{
    int option;
    while ((option = getopt_long(count, arguments, "", options, NULL)) != -1) {
        switch (option) {
        case 's':
            creation->rights.is_staff = true;
            break;
        case 'u':
            creation->rights.is_staff = creation->rights.is_superuser = true;
            break;
        case 'p':
            creation->is_password_on_stdin = true;
            break;
        default:
            return print_help(stderr, EXIT_USAGE);
        }
    }
    if (count - optind != 2 || strcmp(arguments[optind], "create") != 0) {
        return print_help(stderr, EXIT_USAGE);
    }
    creation->email = arguments[optind + 1];
    return EXIT_DONE;
}

int users_run(int count, char **arguments)
{
    if (cli_wants_help(count, arguments)) {
        return print_help(stdout, EXIT_DONE);
    }
    struct creation creation = {0};
    int status = parse(&creation, count, arguments);
    if (status != EXIT_DONE) {
        return status;
    }
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    return create(&creation, arena);
}
