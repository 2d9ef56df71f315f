/* postroom schedule: the periodic messages of contracts/schedule.json, and when they are due. */

#include "common/contract/schedule.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "account.h"
#include "call.h"
#include "common/core/clock.h"
#include "common/core/uuid.h"
#include "database.h"
#include "table.h"
#include "verb.h"

/* $1: name, $2: the next slot. */
static const struct postgres_statement find = {
    "cli_find_job", "SELECT to_char(fired_at" DATABASE_SECONDS
                    ", CASE WHEN fired_at IS NOT NULL THEN to_char(last_slot" DATABASE_SECONDS
                    " END, to_char(to_timestamp($2::int8)" DATABASE_SECONDS
                    " FROM (SELECT $1::text AS job) AS asked LEFT JOIN schedule USING (job)"};

/* $1: name, $2: the latest slot, where nobody has seen the job yet, $3: who. As operations.run_job
 * writes it. */
static const struct postgres_statement note_run = {
    "cli_note_run", "INSERT INTO schedule (job, last_slot, run_at, run_by)"
                    " VALUES ($1::text, to_timestamp($2::int8), now(), $3::text)"
                    " ON CONFLICT (job) DO UPDATE SET run_at = excluded.run_at,"
                    " run_by = excluded.run_by"};

static const char *const headings[] = {"JOB", "MESSAGE", "WHEN", "LAST SLOT", "FIRED AT", "NEXT"};

static int print_help(FILE *stream, int status)
{
    (void)fputs(
        "usage: postroom schedule list [--json]\n"
        "       postroom schedule run JOB\n\n"
        "list: the periodic messages, the last slot that was fired, and the next.\n"
        "run: send the message of a job now, whatever the time, and print its result. Who did\n"
        "so, and when, is noted for the staff.\n",
        stream);
    return status;
}

static void print_json(const struct schedule_job *job, const char *const times[3], bool is_first,
                       struct arena *arena)
{
    static const char *const names[] = {"fired_at", "last_slot", "next_slot"};
    struct buffer text;
    buffer_init(&text, arena);
    buffer_printf(&text, "%s{\"job\":\"%s\",\"message\":\"%s\",\"fields\":%s,\"rule\":\"%s\"",
                  is_first ? "[\n" : ",\n", job->name, job->contract->name, job->body, job->rule);
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        const char *quote = times[i] == NULL ? "" : "\"";
        buffer_printf(&text, ",\"%s\":%s%s%s", names[i], quote,
                      times[i] == NULL ? "null" : times[i], quote);
    }
    (void)printf("%s}", text.data);
}

static int list(bool is_json, struct arena *arena)
{
    struct settings settings;
    struct table table;
    cli_settings_load(&settings, CLI_NEEDS_DATABASE);
    CLEANUP(database_cleanup) struct postgres *db = database_open(&settings);
    if (db == NULL) {
        return EXIT_UNREACHABLE;
    }
    table_init(&table, arena, headings, ARRAY_COUNT(headings));
    for (size_t i = 0; i < schedule_job_count; i++) {
        const struct schedule_job *job = &schedule_jobs[i];
        struct postgres_parameters parameters = {0};
        postgres_add_text(&parameters, job->name);
        postgres_add_int64(&parameters, schedule_next_slot(job, clock_wall_us() / 1000000));
        const struct pg_result *rows = database_ask(db, &find, &parameters);
        if (rows == NULL) {
            return EXIT_UNREACHABLE;
        }
        const char *const times[] = {postgres_text(rows, 0, 0, arena),
                                     postgres_text(rows, 0, 1, arena),
                                     postgres_text(rows, 0, 2, arena)};
        if (is_json) {
            print_json(job, times, i == 0, arena);
        }
        table_add(&table, (const char *const[]){job->name, job->contract->name, job->rule, times[1],
                                                times[0], times[2]});
    }
    if (is_json) {
        (void)fputs(schedule_job_count == 0 ? "[]\n" : "\n]\n", stdout);
    } else {
        table_print(&table, stdout);
    }
    return EXIT_DONE;
}

static int note(struct postgres *db, const struct schedule_job *job, struct arena *arena)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, job->name);
    postgres_add_int64(&parameters, schedule_latest_slot(job, clock_wall_us() / 1000000));
    postgres_add_text(&parameters, account_name(arena));
    return database_ask(db, &note_run, &parameters) == NULL ? EXIT_UNREACHABLE : EXIT_DONE;
}

/* Send the message, and wait for its answer. */
static int send_message(const struct settings *settings, const struct schedule_job *job,
                        struct arena *arena, struct answer *ret)
{
    char message_id[UUID_TEXT_SIZE];
    uuid_new(message_id);
    const struct call call = {
        .contract = job->contract,
        .message_id = message_id,
        .body = job->body,
        .body_size = strlen(job->body),
        .timeout_ms = settings->reply_timeout_ms,
        .is_answer_wanted = true,
    };
    return call_send(settings, &call, arena, ret);
}

static int run(const char *name, struct arena *arena)
{
    const struct schedule_job *job = schedule_find(name);
    if (job == NULL) {
        return cli_fail(EXIT_USAGE, "there is no job '%s'; postroom schedule list shows them",
                        name);
    }
    struct settings settings;
    struct answer answer;
    cli_settings_load(&settings, CLI_NEEDS_BROKER | CLI_NEEDS_DATABASE);
    CLEANUP(database_cleanup) struct postgres *db = database_open(&settings);
    if (db == NULL) {
        return EXIT_UNREACHABLE;
    }
    int status = send_message(&settings, job, arena, &answer);
    bool is_sent = status == EXIT_DONE || status == EXIT_NO_ANSWER;
    int noted = is_sent ? note(db, job, arena) : EXIT_DONE;
    if (status != EXIT_DONE) {
        return status;
    }
    (void)printf("%.*s\n", (int)answer.body_size, answer.body);
    return answer.is_problem ? EXIT_PROBLEM : noted;
}

int schedule_run(int count, char **arguments)
{
    if (cli_wants_help(count, arguments)) {
        return print_help(stdout, EXIT_DONE);
    }
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    bool is_list = count >= 2 && strcmp(arguments[1], "list") == 0;
    if (is_list && count == 2) {
        return list(false, arena);
    }
    if (is_list && count == 3 && strcmp(arguments[2], "--json") == 0) {
        return list(true, arena);
    }
    if (count == 3 && strcmp(arguments[1], "run") == 0) {
        return run(arguments[2], arena);
    }
    return print_help(stderr, EXIT_USAGE);
}
