/* postroom dead: what will never be handled, as JSON. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "verb.h"

#define TIME_AS_TEXT "to_char(failed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"

static const struct postgres_statement list = {
    "cli_list_dead",
    "SELECT json_build_object('id', id, 'message_id', message_id, 'message', message,"
    " 'code', code, 'detail', detail, 'failed_at', " TIME_AS_TEXT ")::text"
    " FROM dead_letters ORDER BY id DESC LIMIT 100",
};

/* body and headers are JSON already. */
static const struct postgres_statement show = {
    "cli_show_dead",
    "SELECT json_build_object('id', id, 'message_id', message_id, 'message', message,"
    " 'code', code, 'detail', detail, 'body', body::json, 'headers', headers::json,"
    " 'failed_at', " TIME_AS_TEXT ")::text FROM dead_letters WHERE id = $1::int8",
};

static int print_help(FILE *stream, int status)
{
    (void)fputs(
        "usage: postroom dead list\n"
        "       postroom dead show ID\n\n"
        "Commands that failed for good and had nobody to tell, with their secrets removed.\n"
        "list: the latest 100, newest first, as a JSON array, one element a line.\n"
        "show: one of them with its body and headers.\n",
        stream);
    return status;
}

static void print_row(const struct pg_result *rows, int row, const char *before)
{
    size_t size;
    const char *text = postgres_bytes(rows, row, 0, &size);
    (void)fputs(before, stdout);
    (void)fwrite(text, 1, size, stdout);
}

static int print_list(struct postgres *db)
{
    const struct pg_result *rows = database_ask(db, &list, NULL);
    if (rows == NULL) {
        return EXIT_UNREACHABLE;
    }
    (void)fputs("[", stdout);
    for (int i = 0; i < postgres_row_count(rows); i++) {
        print_row(rows, i, i == 0 ? "\n" : ",\n");
    }
    (void)fputs("\n]\n", stdout);
    return EXIT_DONE;
}

static int print_one(struct postgres *db, int64_t id)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    const struct pg_result *rows = database_ask(db, &show, &parameters);
    if (rows == NULL) {
        return EXIT_UNREACHABLE;
    }
    if (postgres_row_count(rows) == 0) {
        return cli_fail(EXIT_PROBLEM, "there is no dead letter %lld", (long long)id);
    }
    print_row(rows, 0, "");
    (void)fputc('\n', stdout);
    return EXIT_DONE;
}

static bool parse_id(const char *text, int64_t *ret)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    *ret = number;
    return errno == 0 && end != text && *end == '\0' && number > 0;
}

int dead_run(int count, char **arguments)
{
    if (cli_wants_help(count, arguments)) {
        return print_help(stdout, EXIT_DONE);
    }
    int64_t id = 0;
    bool is_list = count == 2 && strcmp(arguments[1], "list") == 0;
    bool is_show = count == 3 && strcmp(arguments[1], "show") == 0 && parse_id(arguments[2], &id);
    if (!is_list && !is_show) {
        return print_help(stderr, EXIT_USAGE);
    }
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_DATABASE);
    CLEANUP(database_cleanup) struct postgres *db = database_open(&settings);
    if (db == NULL) {
        return EXIT_UNREACHABLE;
    }
    return is_list ? print_list(db) : print_one(db, id);
}
