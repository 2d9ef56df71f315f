/* query-service: reads only, and can be pointed at a replica. The only place that knows both ports
 * and adapters. */

#include <stdlib.h>

#include "adapters/postgres_change_reader.h"
#include "adapters/postgres_command_states.h"
#include "adapters/postgres_job_reader.h"
#include "adapters/postgres_letter_reader.h"
#include "adapters/postgres_post_reader.h"
#include "adapters/postgres_reading.h"
#include "adapters/postgres_session_reader.h"
#include "adapters/postgres_user_reader.h"
#include "common/core/memory.h"
#include "common/postgres/postgres.h"
#include "common/service/runner.h"
#include "contracts/query_handlers.h"
#include "ports.h"
#include "query_executor.h"

/* What one worker owns. */
struct parts {
    struct postgres *db;
    struct reading *reading;
    struct ports ports;
    struct query_executor executor;
};

static const char *check(const struct settings *settings)
{
    if (!postgres_url_is_valid(settings->database_url)) {
        return "DATABASE_URL must look like postgresql://user:password@host:port/name";
    }
    return NULL;
}

static void *open_parts(const struct settings *settings, struct worker_options *ret)
{
    struct parts *parts = memory_new(1, sizeof(*parts));
    const struct postgres_options options = {
        .url = settings->database_url,
        .application_name = "query-service",
        .access = POSTGRES_READ_ONLY,
    };
    parts->db = postgres_new(&options);
    parts->reading = postgres_reading_new(parts->db);
    parts->ports.changes = postgres_change_reader_new(parts->db);
    parts->ports.commands = postgres_command_states_new(parts->db);
    parts->ports.jobs = postgres_job_reader_new(parts->db);
    parts->ports.letters = postgres_letter_reader_new(parts->db);
    parts->ports.posts = postgres_post_reader_new(parts->db);
    parts->ports.sessions = postgres_session_reader_new(parts->db);
    parts->ports.users = postgres_user_reader_new(parts->db);
    query_executor_init(&parts->executor, parts->reading);
    ret->ports = &parts->ports;
    ret->executor = &parts->executor.base;
    return parts;
}

static void close_parts(void *owned)
{
    struct parts *parts = owned;
    postgres_user_reader_free(parts->ports.users);
    postgres_session_reader_free(parts->ports.sessions);
    postgres_post_reader_free(parts->ports.posts);
    postgres_letter_reader_free(parts->ports.letters);
    postgres_job_reader_free(parts->ports.jobs);
    postgres_command_states_free(parts->ports.commands);
    postgres_change_reader_free(parts->ports.changes);
    postgres_reading_free(parts->reading);
    postgres_free(parts->db);
    free(parts);
}

int main(int argc, char **argv)
{
    const struct runner_service service = {
        .name = "query-service",
        .summary = "Consumes queries and answers them; never writes.",
        .reader = SETTINGS_QUERY,
        .handlers = query_handlers,
        .handler_count = query_handler_count,
        .check = check,
        .open = open_parts,
        .close = close_parts,
    };
    return runner_main(argc, argv, &service);
}
