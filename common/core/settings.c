/* The table of settings, and the documents that show it. */

#include "common/core/settings.h"

#include <stddef.h>

#include "common/core/settings_internal.h"

#define AT(field) offsetof(struct settings, field)
#define WORKERS_READ (SETTINGS_COMMAND | SETTINGS_QUERY)
#define SERVICES_READ (SETTINGS_GATEWAY | SETTINGS_COMMAND | SETTINGS_QUERY | SETTINGS_SCHEDULER)
#define DATABASE_READ (SETTINGS_COMMAND | SETTINGS_QUERY | SETTINGS_SCHEDULER | SETTINGS_CLI)

/* clang-format off */
const struct setting settings_table[] = {
    {"AMQP_URL", SETTING_TEXT, NULL, SETTINGS_ALL, AT(amqp_url), 1, 2048, {NULL}, false,
     "the broker: amqp://user:password@host:port/vhost"},
    {"DATABASE_URL", SETTING_TEXT, NULL, DATABASE_READ, AT(database_url), 1, 2048, {NULL}, false,
     "the database: postgresql://user:password@host:port/name; query-service may be pointed at a replica"},
    {"SECRET_KEY", SETTING_TEXT, NULL, SETTINGS_GATEWAY | SETTINGS_COMMAND, AT(secret_key), 32, 1024, {NULL}, false,
     "at least 32 random characters, the same for all processes; keys the fingerprints of messages"},
    {"POSTROOM_ENV", SETTING_CHOICE, "development", SETTINGS_ALL, AT(environment), 0, 0,
     {"development", "test", "production"}, false,
     "development, test or production: which file of defaults is read, and whether weak secrets are refused"},
    {"CONFIG_DIR", SETTING_TEXT, "config", SETTINGS_ALL, AT(config_dir), 1, 4096, {NULL}, false,
     "the folder of development.env, test.env and production.env, which have defaults"},
    {"SECURE_COOKIES", SETTING_CHOICE, "auto", SETTINGS_GATEWAY, AT(secure_cookies), 0, 0, {"auto", "no", "yes"}, true,
     "yes: cookies are for https only and named __Host-…; no; or auto: yes in production"},
    {"HTTP_LISTEN", SETTING_TEXT, "127.0.0.1:8000", SETTINGS_GATEWAY, AT(http_listen), 1, 256, {NULL}, false,
     "host:port to listen on; not used when a socket is handed over by LISTEN_FDS"},
    {"HEALTH_LISTEN", SETTING_TEXT, "127.0.0.1:0", SERVICES_READ, AT(health_listen), 0, 256, {NULL}, false,
     "host:port of /healthz, /readyz and /metrics of the process; port 0: a free one, told in the log; empty: none"},
    {"HTTP_LOOPS", SETTING_INTEGER, "1", SETTINGS_GATEWAY, AT(http_loops), 1, 64, {NULL}, false,
     "event loops (threads), each with its own broker connections"},
    {"PUBLIC_URL", SETTING_TEXT, "", SETTINGS_GATEWAY, AT(public_url), 0, 2048, {NULL}, false,
     "where browsers reach the gateway, when a proxy changes Host: https://example.com"},
    {"TRUSTED_PROXIES", SETTING_TEXT, "", SETTINGS_GATEWAY, AT(trusted_proxies), 0, 2048, {NULL}, false,
     "addresses and networks of proxies whose X-Forwarded-For is believed, comma-separated: 127.0.0.1,10.0.0.0/8,fd00::/8"},
    {"REPLY_TIMEOUT_MS", SETTING_INTEGER, "10000", SETTINGS_GATEWAY | SETTINGS_CLI, AT(reply_timeout_ms), 100, 600000, {NULL}, false,
     "how long a request waits for its reply"},
    {"SESSION_LIFETIME_HOURS", SETTING_INTEGER, "336", SETTINGS_GATEWAY | SETTINGS_COMMAND, AT(session_lifetime_hours), 1, 87600, {NULL}, false,
     "how long a session and its cookie last at most"},
    {"SESSION_IDLE_HOURS", SETTING_INTEGER, "72", SETTINGS_COMMAND, AT(session_idle_hours), 1, 87600, {NULL}, false,
     "how long a session lasts that nobody uses"},
    {"HANDLERS", SETTING_TEXT, "*", WORKERS_READ, AT(handlers), 1, 4096, {NULL}, false,
     "which messages to serve: names and globs, comma-separated; --handlers overrides it"},
    {"WORKERS", SETTING_INTEGER, "2", WORKERS_READ, AT(workers), 1, 256, {NULL}, false,
     "threads for ordinary messages"},
    {"PASSWORD_WORKERS", SETTING_INTEGER, "1", SETTINGS_COMMAND, AT(password_workers), 1, 256, {NULL}, false,
     "threads for messages that hash passwords, apart from the others"},
    {"MAIL_WORKERS", SETTING_INTEGER, "1", SETTINGS_COMMAND, AT(mail_workers), 1, 256, {NULL}, false,
     "threads for messages that send e-mail, apart from the others: a slow server holds up nobody else"},
    {"SEARCH_WORKERS", SETTING_INTEGER, "1", SETTINGS_QUERY, AT(search_workers), 1, 256, {NULL}, false,
     "threads for the searches and lists of the staff, apart from the others: a long search holds up no reader"},
    {"PREFETCH", SETTING_INTEGER, "32", WORKERS_READ, AT(prefetch), 1, 1000, {NULL}, false,
     "messages of one queue that a worker holds at once"},
    {"HEARTBEAT_SECONDS", SETTING_INTEGER, "15", SETTINGS_ALL, AT(heartbeat_seconds), 2, 300, {NULL}, false,
     "AMQP heartbeat: a peer silent for two of them is given up"},
    {"EMAIL_URL", SETTING_TEXT, NULL, SETTINGS_COMMAND, AT(email_url), 1, 2048, {NULL}, false,
     "where e-mail goes: smtp://[user:password@]host[:port][?tls=required], smtps://…, or file:///dir (one file a mail)"},
    {"EMAIL_FROM", SETTING_TEXT, "postroom@localhost", SETTINGS_COMMAND, AT(email_from), 3, 254, {NULL}, false,
     "the sender of e-mail"},
    {"EMAIL_CA_FILE", SETTING_TEXT, "", SETTINGS_COMMAND, AT(email_ca_file), 0, 4096, {NULL}, false,
     "who may sign the certificate of the mail server (PEM); empty: whom the machine trusts"},
    {"SWEEP_INTERVAL_MS", SETTING_INTEGER, "1000", SETTINGS_SCHEDULER, AT(sweep_interval_ms), 10, 3600000, {NULL}, false,
     "how often the outbox is swept for messages that were not published at once"},
    {"COMMAND_LIFETIME_MS", SETTING_INTEGER, "7200000", SETTINGS_GATEWAY | SETTINGS_COMMAND, AT(command_lifetime_ms), 1000, 604800000, {NULL}, false,
     "the deadline of commands that the gateway sends and that handlers send on: work not done by then is dropped"},
    {"IDENTITY_LIFETIME_HOURS", SETTING_INTEGER, "168", SETTINGS_SCHEDULER, AT(identity_lifetime_hours), 1, 87600, {NULL}, false,
     "how long the outcome of a command is kept, for repetitions and for those who ask for its state"},
    {"RETRY_WAIT_MS", SETTING_INTEGER, "2000", SETTINGS_COMMAND, AT(retry_wait_ms), 10, 2000, {NULL}, false,
     "the first wait of a command that met passing trouble; later ones are 5, 30, 150 and 450 times as long"},
    {"STUCK_AFTER_MS", SETTING_INTEGER, "0", WORKERS_READ, AT(stuck_after_ms), 0, 600000, {NULL}, false,
     "a worker that has not come round for so long ends its process; 0: two heartbeats, at least 30 s"},
    {"IN_FLIGHT_MAX", SETTING_INTEGER, "2000", SETTINGS_GATEWAY, AT(in_flight_max), 1, 1000000, {NULL}, false,
     "requests that may wait for their reply at once; more are answered 503"},
    {"ROUTE_IN_FLIGHT_MAX", SETTING_INTEGER, "1000", SETTINGS_GATEWAY, AT(route_in_flight_max), 1, 1000000, {NULL}, false,
     "of these, requests for the same message"},
    {"CONNECTIONS_MAX", SETTING_INTEGER, "10000", SETTINGS_GATEWAY, AT(connections_max), 1, 1000000, {NULL}, false,
     "HTTP connections that may be open at once, as far as the limit of descriptors allows"},
    {"MIGRATIONS_DIR", SETTING_TEXT, "migrations", SETTINGS_CLI, AT(migrations_dir), 1, 4096, {NULL}, false,
     "the folder of the migrations that `postroom migrate` applies"},
    {"LOG_FORMAT", SETTING_CHOICE, "text", SETTINGS_ALL, AT(log_format), 0, 0, {"text", "json"}, true,
     "text (key=value) or json, one line an event"},
    {"LOG_LEVEL", SETTING_CHOICE, "info", SETTINGS_ALL, AT(log_level), 0, 0,
     {"debug", "info", "warning", "error"}, true,
     "the least level that is logged: debug, info, warning or error"},
};
/* clang-format on */

const size_t settings_count = ARRAY_COUNT(settings_table);

void settings_print(FILE *stream, enum settings_reader readers)
{
    for (size_t i = 0; i < settings_count; i++) {
        const struct setting *setting = &settings_table[i];
        if ((setting->readers & readers) != 0) {
            (void)fprintf(stream, "  %-24s %s (%s%s)\n", setting->name, setting->meaning,
                          setting->default_value == NULL ? "required" : "default: ",
                          setting->default_value == NULL ? "" : setting->default_value);
        }
    }
}

static void print_readers(FILE *stream, unsigned readers)
{
    static const char *const names[] = {"gateway", "command-service", "query-service", "scheduler",
                                        "postroom"};
    if (readers == SETTINGS_ALL) {
        (void)fputs("all", stream);
        return;
    }
    const char *separator = "";
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if ((readers & (1U << i)) != 0) {
            (void)fprintf(stream, "%s%s", separator, names[i]);
            separator = ", ";
        }
    }
}

void settings_print_markdown(FILE *stream)
{
    (void)fputs("| setting | default | read by | meaning |\n|---|---|---|---|\n", stream);
    for (size_t i = 0; i < settings_count; i++) {
        const struct setting *setting = &settings_table[i];
        (void)fprintf(stream, "| `%s` | ", setting->name);
        if (setting->default_value == NULL) {
            (void)fputs("required | ", stream);
        } else {
            (void)fprintf(stream, "`%s` | ", setting->default_value);
        }
        print_readers(stream, setting->readers);
        (void)fprintf(stream, " | %s |\n", setting->meaning);
    }
}
