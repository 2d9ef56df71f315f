/* command-service: changes state, one transaction per message. The only place that knows both ports
 * and adapters. */

#include <stdlib.h>

#include "adapters/argon2_password_hasher.h"
#include "adapters/mailer.h"
#include "adapters/noting_mailer.h"
#include "adapters/postgres_audit_log.h"
#include "adapters/postgres_dead_letter_store.h"
#include "adapters/postgres_job_store.h"
#include "adapters/postgres_login_attempts.h"
#include "adapters/postgres_post_store.h"
#include "adapters/postgres_session_store.h"
#include "adapters/postgres_unit.h"
#include "adapters/postgres_user_store.h"
#include "command_executor.h"
#include "common/core/memory.h"
#include "common/postgres/postgres.h"
#include "common/service/runner.h"
#include "contracts/command_handlers.h"
#include "ports.h"

/* What one worker owns. */
struct parts {
    struct postgres *db;
    struct unit *unit;
    struct mailer *mailer;
    struct noting_mailer noting_mailer; /* around it */
    struct ports ports;
    struct command_executor executor;
};

static struct mailer_options mail_of(const struct settings *settings)
{
    return (struct mailer_options){
        .url = settings->email_url,
        .from = settings->email_from,
        .ca_file = settings->email_ca_file,
    };
}

static const char *check(const struct settings *settings)
{
    if (!postgres_url_is_valid(settings->database_url)) {
        return "DATABASE_URL must look like postgresql://user:password@host:port/name";
    }
    const struct mailer_options mail = mail_of(settings);
    return mailer_complaint(&mail);
}

static void *open_parts(const struct settings *settings, struct worker_options *ret)
{
    struct parts *parts = memory_new(1, sizeof(*parts));
    const struct mailer_options mail = mail_of(settings);
    if (argon2_password_hasher_open(&parts->ports.passwords) != OK ||
        mailer_open(&mail, &parts->mailer) != OK) {
        (void)fprintf(stderr, "EMAIL_URL cannot be used\n");
        exit(EXIT_CONFIGURATION);
    }
    noting_mailer_init(&parts->noting_mailer, parts->mailer, ret->metrics);
    parts->ports.mailer = &parts->noting_mailer.base;
    const struct postgres_options options = {
        .url = settings->database_url,
        .application_name = "command-service",
        .access = POSTGRES_READ_WRITE,
    };
    parts->db = postgres_new(&options);
    const struct session_lifetime session_lifetime = {
        .hours = settings->session_lifetime_hours,
        .idle_hours = settings->session_idle_hours,
    };
    parts->unit = postgres_unit_new(parts->db, &session_lifetime);
    parts->ports.posts = postgres_post_store_new(parts->db);
    parts->ports.audit = postgres_audit_log_new(parts->db);
    parts->ports.dead_letters = postgres_dead_letter_store_new(parts->db);
    parts->ports.jobs = postgres_job_store_new(parts->db);
    parts->ports.login_attempts = postgres_login_attempts_new(parts->db, settings->secret_key);
    parts->ports.users = postgres_user_store_new(parts->db);
    parts->ports.sessions = postgres_session_store_new(parts->db, &session_lifetime);
    command_executor_init(&parts->executor, parts->unit, settings->secret_key,
                          settings->command_lifetime_ms);
    ret->ports = &parts->ports;
    ret->executor = &parts->executor.base;
    return parts;
}

static void close_parts(void *owned)
{
    struct parts *parts = owned;
    postgres_session_store_free(parts->ports.sessions);
    postgres_user_store_free(parts->ports.users);
    postgres_login_attempts_free(parts->ports.login_attempts);
    postgres_post_store_free(parts->ports.posts);
    postgres_audit_log_free(parts->ports.audit);
    postgres_job_store_free(parts->ports.jobs);
    postgres_dead_letter_store_free(parts->ports.dead_letters);
    postgres_unit_free(parts->unit);
    mailer_free(parts->mailer);
    argon2_password_hasher_free(parts->ports.passwords);
    postgres_free(parts->db);
    free(parts);
}

int main(int argc, char **argv)
{
    const struct runner_service service = {
        .name = "command-service",
        .summary = "Consumes commands and changes state: one transaction per message.",
        .reader = SETTINGS_COMMAND,
        .handlers = command_handlers,
        .handler_count = command_handler_count,
        .check = check,
        .open = open_parts,
        .close = close_parts,
    };
    return runner_main(argc, argv, &service);
}
