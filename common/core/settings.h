/*
 * All settings of all processes, each an environment variable, in one table: name, type, default,
 * meaning, who reads it. Defaults may also come from a file, one for each environment
 * (settings_file.h).
 * `--help` prints the rows of a service, docs/configuration.md is made from them, and main checks
 * all of them at start-up: a wrong value is one clear line and exit status 78 (EX_CONFIG of
 * sysexits.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/core/log.h"

enum settings_reader {
    SETTINGS_GATEWAY = 1 << 0,
    SETTINGS_COMMAND = 1 << 1,
    SETTINGS_QUERY = 1 << 2,
    SETTINGS_SCHEDULER = 1 << 3,
    SETTINGS_CLI = 1 << 4,
    SETTINGS_ALL = (1 << 5) - 1,
};

enum { EXIT_CONFIGURATION = 78, EXIT_STUCK = 70, EXIT_USAGE = 64 };

enum secure_cookies { SECURE_COOKIES_AUTO, SECURE_COOKIES_NO, SECURE_COOKIES_YES };

struct settings {
    const char *amqp_url;               /* AMQP_URL */
    const char *database_url;           /* DATABASE_URL */
    const char *email_url;              /* EMAIL_URL: services/command/adapters/mailer.h */
    const char *email_from;             /* EMAIL_FROM */
    const char *email_ca_file;          /* EMAIL_CA_FILE: or empty */
    const char *secret_key;             /* SECRET_KEY: at least 32 characters */
    const char *environment;            /* POSTROOM_ENV: development, test or production */
    const char *config_dir;             /* CONFIG_DIR */
    enum secure_cookies secure_cookies; /* SECURE_COOKIES; never auto once loaded */
    const char *http_listen;            /* HTTP_LISTEN: host:port */
    const char *health_listen;          /* HEALTH_LISTEN: host:port; empty: none */
    const char *public_url;             /* PUBLIC_URL: or empty */
    const char *trusted_proxies;        /* TRUSTED_PROXIES: common/http/proxies.h */
    const char *handlers;               /* HANDLERS: globs, comma-separated */
    const char *migrations_dir;         /* MIGRATIONS_DIR */
    int64_t workers;                    /* WORKERS: threads for ordinary messages */
    int64_t password_workers;       /* PASSWORD_WORKERS: threads for messages that hash passwords */
    int64_t mail_workers;           /* MAIL_WORKERS: threads for messages that send e-mail */
    int64_t search_workers;         /* SEARCH_WORKERS: threads for the staff's searches */
    int64_t prefetch;               /* PREFETCH */
    int64_t http_loops;             /* HTTP_LOOPS */
    int64_t reply_timeout_ms;       /* REPLY_TIMEOUT_MS */
    int64_t heartbeat_seconds;      /* HEARTBEAT_SECONDS */
    int64_t session_lifetime_hours; /* SESSION_LIFETIME_HOURS */
    int64_t session_idle_hours;     /* SESSION_IDLE_HOURS */
    int64_t sweep_interval_ms;      /* SWEEP_INTERVAL_MS */
    int64_t command_lifetime_ms;    /* COMMAND_LIFETIME_MS */
    int64_t identity_lifetime_hours; /* IDENTITY_LIFETIME_HOURS */
    int64_t retry_wait_ms;           /* RETRY_WAIT_MS */
    int64_t stuck_after_ms;          /* STUCK_AFTER_MS; 0: two heartbeats, at least 30 s */
    int64_t in_flight_max;           /* IN_FLIGHT_MAX: of a gateway */
    int64_t route_in_flight_max;     /* ROUTE_IN_FLIGHT_MAX: of one message, in a gateway */
    int64_t connections_max;         /* CONNECTIONS_MAX */
    enum log_format log_format;      /* LOG_FORMAT: text or json */
    enum log_level log_level;        /* LOG_LEVEL */
};

/*
 * Read the environment, and for what it lacks CONFIG_DIR/POSTROOM_ENV.env: what stands there is put
 * into the environment. A wrong or missing value, and what production is refused: one line on
 * standard error and exit 78. Values are borrowed from the environment or static. Before there are
 * other threads.
 */
void settings_load(struct settings *ret, enum settings_reader reader);

/* The rows a service reads, for --help. */
void settings_print(FILE *stream, enum settings_reader readers);
/* The whole table as Markdown: docs/configuration.md is checked against it. */
void settings_print_markdown(FILE *stream);
