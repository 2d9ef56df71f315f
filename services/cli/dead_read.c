/* postroom dead list, show, log: verbs that only read. */

#include <stdio.h>
#include <string.h>

#include "database.h"
#include "dead.h"
#include "table.h"
#include "verb.h"

#define LETTER                                                                                     \
    "json_build_object('id', id, 'message_id', message_id, 'detail', detail,"                      \
    " 'failed_at', to_char(failed_at" DATABASE_MICROSECONDS ")"
#define GROUP                                                                                      \
    "json_build_object('message', message, 'code', code, 'count', count(*),"                       \
    " 'oldest', to_char(min(failed_at)" DATABASE_MICROSECONDS ","                                  \
    " 'newest', to_char(max(failed_at)" DATABASE_MICROSECONDS ","                                  \
    " 'letters', json_agg(" LETTER " ORDER BY id DESC) FILTER (WHERE place <= 100))"

/* Message and code for the filter; then the group as JSON, and the columns of the table. */
static const struct postgres_statement list = {
    "cli_list_dead",
    "SELECT message, code, " GROUP "::text, count(*)::text,"
    " to_char(min(failed_at)" DATABASE_SECONDS ", to_char(max(failed_at)" DATABASE_SECONDS ","
    " string_agg(id::text, ' ' ORDER BY id DESC) FILTER (WHERE place <= 3)"
    " FROM (SELECT *, row_number() OVER (PARTITION BY message, code ORDER BY id DESC) AS place"
    " FROM dead_letters) AS letters GROUP BY message, code"
    " ORDER BY count(*) DESC, message, code",
};

/* body and headers are JSON already. */
static const struct postgres_statement show = {
    "cli_show_dead",
    "SELECT json_build_object('id', id, 'message_id', message_id, 'message', message,"
    " 'code', code, 'detail', detail, 'user_id', user_id, 'body', body::json,"
    " 'headers', headers::json, 'failed_at', to_char(failed_at" DATABASE_MICROSECONDS ")::text,"
    " id::text, message_id::text, message, code, detail, user_id::text, body, headers,"
    " to_char(failed_at" DATABASE_MICROSECONDS " FROM dead_letters WHERE id = $1::int8",
};

static const struct postgres_statement log_of_actions = {
    "cli_log_dead",
    "SELECT json_build_object('id', id, 'done_at', to_char(done_at" DATABASE_MICROSECONDS ","
    " 'actor', actor, 'action', action, 'letter_id', letter_id, 'message_id', message_id,"
    " 'message', message, 'code', code, 'detail', detail)::text,"
    " to_char(done_at" DATABASE_SECONDS ", actor, action, letter_id::text, message, code, detail"
    " FROM dead_letter_actions ORDER BY id DESC LIMIT 1000",
};

static const char *const list_headings[] = {"COUNT",  "MESSAGE", "CODE",
                                            "OLDEST", "NEWEST",  "LETTERS"};
static const char *const log_headings[] = {"DONE AT", "BY",   "ACTION", "LETTER",
                                           "MESSAGE", "CODE", "DETAIL"};
static const char *const show_labels[] = {"letter",  "message_id", "message", "code",     "detail",
                                          "user_id", "body",       "headers", "failed_at"};

/* The next element of a JSON array, one a line. */
static void print_element(const char *json, size_t *count)
{
    (void)printf("%s%s", (*count)++ == 0 ? "[\n" : ",\n", json);
}

static void end_array(size_t count)
{
    (void)fputs(count == 0 ? "[]\n" : "\n]\n", stdout);
}

/* The texts of some columns of a row. */
static void read_texts(const struct pg_result *rows, int row, int first, size_t count,
                       struct arena *arena, const char **ret)
{
    for (size_t i = 0; i < count; i++) {
        ret[i] = postgres_text(rows, row, first + (int)i, arena);
    }
}

static void print_groups(const struct pg_result *rows, const struct dead_request *request,
                         struct arena *arena)
{
    enum { MESSAGE, CODE, JSON, COUNT, OLDEST, NEWEST, EXAMPLES, COLUMNS };
    struct table table;
    table_init(&table, arena, list_headings, ARRAY_COUNT(list_headings));
    size_t count = 0;
    for (int i = 0; i < postgres_row_count(rows); i++) {
        const char *texts[COLUMNS];
        read_texts(rows, i, 0, COLUMNS, arena, texts);
        if (!dead_request_matches(request, texts[MESSAGE], texts[CODE])) {
            continue;
        }
        if (request->is_json) {
            print_element(texts[JSON], &count);
            continue;
        }
        table_add(&table, (const char *const[]){texts[COUNT], texts[MESSAGE], texts[CODE],
                                                texts[OLDEST], texts[NEWEST], texts[EXAMPLES]});
    }
    if (request->is_json) {
        end_array(count);
    } else if (table.row_count == 0) {
        (void)fputs("no dead letters\n", stdout);
    } else {
        table_print(&table, stdout);
    }
}

int dead_list_run(const struct dead_request *request, struct arena *arena)
{
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_DATABASE);
    CLEANUP(database_cleanup) struct postgres *db = database_open(&settings);
    const struct pg_result *rows = db == NULL ? NULL : database_ask(db, &list, NULL);
    if (rows == NULL) {
        return EXIT_UNREACHABLE;
    }
    print_groups(rows, request, arena);
    return EXIT_DONE;
}

static void print_letter(const struct pg_result *rows, const struct dead_request *request,
                         struct arena *arena)
{
    if (request->is_json) {
        (void)printf("%s\n", postgres_text(rows, 0, 0, arena));
        return;
    }
    for (size_t i = 0; i < ARRAY_COUNT(show_labels); i++) {
        const char *text = postgres_text(rows, 0, 1 + (int)i, arena);
        (void)printf("%-10s  ", show_labels[i]);
        table_print_text(text == NULL ? "-" : text, stdout);
        (void)fputc('\n', stdout);
    }
}

int dead_show_run(const struct dead_request *request, struct arena *arena)
{
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_DATABASE);
    CLEANUP(database_cleanup) struct postgres *db = database_open(&settings);
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, request->ids[0]);
    const struct pg_result *rows = db == NULL ? NULL : database_ask(db, &show, &parameters);
    if (rows == NULL) {
        return EXIT_UNREACHABLE;
    }
    if (postgres_row_count(rows) == 0) {
        return cli_fail(EXIT_PROBLEM, "there is no dead letter %lld", (long long)request->ids[0]);
    }
    print_letter(rows, request, arena);
    return EXIT_DONE;
}

static void print_actions(const struct pg_result *rows, const struct dead_request *request,
                          struct arena *arena)
{
    struct table table;
    table_init(&table, arena, log_headings, ARRAY_COUNT(log_headings));
    size_t count = 0;
    for (int i = 0; i < postgres_row_count(rows); i++) {
        if (request->is_json) {
            print_element(postgres_text(rows, i, 0, arena), &count);
            continue;
        }
        const char *texts[ARRAY_COUNT(log_headings)];
        read_texts(rows, i, 1, ARRAY_COUNT(log_headings), arena, texts);
        table_add(&table, texts);
    }
    if (request->is_json) {
        end_array(count);
    } else {
        table_print(&table, stdout);
    }
}

int dead_log_run(const struct dead_request *request, struct arena *arena)
{
    struct settings settings;
    cli_settings_load(&settings, CLI_NEEDS_DATABASE);
    CLEANUP(database_cleanup) struct postgres *db = database_open(&settings);
    const struct pg_result *rows = db == NULL ? NULL : database_ask(db, &log_of_actions, NULL);
    if (rows == NULL) {
        return EXIT_UNREACHABLE;
    }
    print_actions(rows, request, arena);
    return EXIT_DONE;
}
