/* postroom users: create a user as everybody else does, by users.register; and the rights that only
 * a superuser grants, for who has the database. */

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "common/core/uuid.h"
#include "contracts/users_register.h"
#include "database.h"
#include "password.h"
#include "verb.h"

struct order {
    const char *verb;
    const char *email;
    struct rights rights;
    bool is_password_on_stdin;
    const char *language;
};

static const struct option options[] = {
    {"staff", no_argument, NULL, 's'},          {"superuser", no_argument, NULL, 'u'},
    {"password-stdin", no_argument, NULL, 'p'}, {"language", required_argument, NULL, 'l'},
    {"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0},
};

static int print_help(FILE *stream, int status)
{
    (void)fputs(
        "usage: postroom users create EMAIL [OPTION…]\n"
        "       postroom users grant EMAIL --staff|--superuser\n"
        "       postroom users revoke EMAIL --staff|--superuser\n\n"
        "  --staff           may enter the administration pages; who may not is no superuser\n"
        "  --superuser       may make others staff; is staff\n"
        "  --password-stdin  take the password from standard input; else it is asked for\n"
        "  --language TAG    of e-mails, as Accept-Language has it; else as LANG says\n\n"
        "create: the user is registered by the command users.register, so the services have\n"
        "to run; the rights are then set in the database. Where that went only half way,\n"
        "grant does the rest.\n"
        "grant, revoke: give rights to somebody who is registered, or take them.\n",
        stream);
    return status;
}

/* de_DE.UTF-8 is de-DE to Accept-Language; C and POSIX are no language. */
static const char *language_of_locale(struct arena *arena)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(names) && (locale == NULL || locale[0] == '\0'); i++) {
        locale = getenv(names[i]);
    }
    char *tag = locale == NULL ? NULL : arena_copy(arena, locale, strcspn(locale, ".@"));
    if (tag == NULL || strlen(tag) < 2 || strcmp(tag, "POSIX") == 0) {
        return NULL;
    }
    char *separator = strchr(tag, '_');
    if (separator != NULL) {
        *separator = '-';
    }
    return tag;
}

static int register_user(const struct settings *settings, const struct order *order,
                         const char *password, struct arena *arena, struct answer *ret)
{
    const struct users_register_command command = {
        .email = order->email,
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
        .language = order->language == NULL ? language_of_locale(arena) : order->language,
    };
    return call_send(settings, &call, arena, ret);
}

static int print_user(const struct user *user, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, arena);
    json_encode(&user_object, user, &text);
    (void)printf("{\"user\":%s}\n", text.data);
    return EXIT_DONE;
}

static int grant_and_print(struct postgres *db, const struct order *order,
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
    struct entitled user;
    if (db != NULL && database_change_rights(db, order->email, RIGHTS_GRANT, &order->rights, arena,
                                             &user) != EXIT_DONE) {
        return cli_fail(EXIT_UNREACHABLE,
                        "%s is registered, but the rights could not be set: postroom users grant",
                        order->email);
    }
    result.user.is_staff = result.user.is_staff || order->rights.is_staff;
    return print_user(&result.user, arena);
}

/* The database is reached first: a user without the rights that were asked for is half a job. */
static int create(const struct order *order, struct arena *arena)
{
    bool has_rights = order->rights.is_staff || order->rights.is_superuser;
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_BROKER | (has_rights ? CLI_NEEDS_DATABASE : 0));
    struct buffer password;
    buffer_init(&password, arena);
    int status =
        order->is_password_on_stdin ? password_read_stdin(&password) : password_ask(&password);
    if (status != EXIT_DONE) {
        return status;
    }
    CLEANUP(database_cleanup) struct postgres *db = has_rights ? database_open(&settings) : NULL;
    if (has_rights && db == NULL) {
        return EXIT_UNREACHABLE;
    }
    struct answer answer;
    status = register_user(&settings, order, password.data, arena, &answer);
    return status == EXIT_DONE ? grant_and_print(db, order, &answer, arena) : status;
}

static int change_rights(const struct order *order, enum rights_change change, struct arena *arena)
{
    struct rights rights = order->rights;
    if (change == RIGHTS_GRANT) {
        rights.is_staff = rights.is_staff || rights.is_superuser;
    } else {
        rights.is_superuser = rights.is_superuser || rights.is_staff;
    }
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_DATABASE);
    CLEANUP(database_cleanup) struct postgres *db = database_open(&settings);
    struct entitled entitled;
    if (db == NULL) {
        return EXIT_UNREACHABLE;
    }
    int status = database_change_rights(db, order->email, change, &rights, arena, &entitled);
    if (status != EXIT_DONE) {
        return status;
    }
    return print_user(&(struct user){entitled.id, entitled.email, entitled.rights.is_staff}, arena);
}

static int parse(struct order *order, int count, char **arguments)
{
    int option;
    while ((option = getopt_long(count, arguments, "", options, NULL)) != -1) {
        switch (option) {
        case 's':
            order->rights.is_staff = true;
            break;
        case 'u':
            order->rights.is_superuser = true;
            break;
        case 'p':
            order->is_password_on_stdin = true;
            break;
        case 'l':
            order->language = optarg;
            break;
        default:
            return print_help(stderr, EXIT_USAGE);
        }
    }
    if (count - optind != 2) {
        return print_help(stderr, EXIT_USAGE);
    }
    order->verb = arguments[optind];
    order->email = arguments[optind + 1];
    return EXIT_DONE;
}

static int run(struct order *order, struct arena *arena)
{
    bool has_rights = order->rights.is_staff || order->rights.is_superuser;
    if (strcmp(order->verb, "create") == 0) {
        order->rights.is_staff = has_rights;
        return create(order, arena);
    }
    if (order->is_password_on_stdin || order->language != NULL) {
        return print_help(stderr, EXIT_USAGE);
    }
    if (has_rights && strcmp(order->verb, "grant") == 0) {
        return change_rights(order, RIGHTS_GRANT, arena);
    }
    if (has_rights && strcmp(order->verb, "revoke") == 0) {
        return change_rights(order, RIGHTS_REVOKE, arena);
    }
    return print_help(stderr, EXIT_USAGE);
}

int users_run(int count, char **arguments)
{
    if (cli_wants_help(count, arguments)) {
        return print_help(stdout, EXIT_DONE);
    }
    struct order order = {0};
    int status = parse(&order, count, arguments);
    if (status != EXIT_DONE) {
        return status;
    }
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    return run(&order, arena);
}
