/* scheduler: what happens by the clock. Any number may run at once. The only place that knows ports
 * and adapters. */

#include <assert.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "adapters/postgres_dead_letters.h"
#include "adapters/postgres_expiry.h"
#include "adapters/postgres_outbox.h"
#include "adapters/postgres_readiness.h"
#include "adapters/postgres_schedule.h"
#include "common/bus/amqp_bus.h"
#include "common/contract/contract.h"
#include "common/core/clock.h"
#include "common/core/log.h"
#include "common/core/settings.h"
#include "common/health/health_server.h"
#include "common/health/reporter.h"
#include "scheduler.h"

/* A turn is one step of one job: with these, less than 10 s, the time a stop may take. */
enum {
    TURN_MS = 1000,
    CONFIRM_WAIT_MS = 2000,
    CONNECT_TIMEOUT_MS = 2000,
    ROUND_TRIP_TIMEOUT_MS = 3000,
    STATEMENT_TIMEOUT_MS = 2500,
    LOCK_TIMEOUT_MS = 1000,
    EXPIRE_INTERVAL_MS = 60000,
};
enum { BUS_COUNT = 2, NAME_SIZE = 64 };

struct process {
    struct settings settings;
    struct topology *topology;
    char bus_names[BUS_COUNT][NAME_SIZE]; /* borrowed by the buses */
    size_t bus_count;
    struct metrics *metrics;
    struct vitals vitals;
    struct reporter reporter;
    _Atomic int64_t ticked_ms;
    atomic_bool is_stopping;
};

static struct bus *make_bus(void *owner, const char *role, const struct bus_events *events,
                            void *bus_owner)
{
    struct process *process = owner;
    assert(process->bus_count < BUS_COUNT);
    char *name = process->bus_names[process->bus_count++];
    (void)snprintf(name, NAME_SIZE, "scheduler %d %s", (int)getpid(), role);
    const struct amqp_bus_options options = {
        .url = process->settings.amqp_url,
        .connection_name = name,
        .topology = process->topology,
        .heartbeat_seconds = (unsigned)process->settings.heartbeat_seconds,
        .has_confirms = true,
    };
    return amqp_bus_new(&options, events, bus_owner);
}

static void read_arguments(int argc, char **argv)
{
    if (argc == 1) {
        return;
    }
    bool is_help = argc == 2 && strcmp(argv[1], "--help") == 0;
    FILE *stream = is_help ? stdout : stderr;
    (void)fputs(
        "usage: scheduler\n"
        "Publishes what the outbox still holds, fires periodic messages, keeps dead letters, "
        "removes what has expired.\n\nsettings (environment variables):\n",
        stream);
    settings_print(stream, SETTINGS_SCHEDULER);
    exit(is_help ? EXIT_SUCCESS : EXIT_USAGE);
}

static void load_settings(struct settings *ret)
{
    settings_load(ret, SETTINGS_SCHEDULER);
    if (!amqp_url_is_valid(ret->amqp_url)) {
        (void)fputs("AMQP_URL must look like amqp://user:password@host:port/vhost\n", stderr);
        exit(EXIT_CONFIGURATION);
    }
    if (!postgres_url_is_valid(ret->database_url)) {
        (void)fputs("DATABASE_URL must look like postgresql://user:password@host:port/name\n",
                    stderr);
        exit(EXIT_CONFIGURATION);
    }
    log_configure("scheduler", ret->log_format, ret->log_level);
}

/* Whoever started us starts us again. */
static void end_stuck(int signal_number)
{
    (void)signal_number;
    _exit(EXIT_STUCK);
}

/* Readable once the process is to stop. */
static int open_signals(void)
{
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGALRM, end_stuck);
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* How many seconds a turn may take: two heartbeats, and never less than one does. */
static unsigned stuck_after_s(const struct process *process)
{
    int64_t heartbeat_s = process->settings.heartbeat_seconds;
    return heartbeat_s > 10 ? (unsigned)(2 * heartbeat_s) : 20U;
}

static bool is_alive(void *owner)
{
    const struct process *process = owner;
    return clock_monotonic_ms() - atomic_load(&process->ticked_ms) <=
           1000 * (int64_t)stuck_after_s(process);
}

static bool is_ready(void *owner)
{
    struct process *process = owner;
    return !atomic_load(&process->is_stopping) && vitals_is_serving(&process->vitals);
}

static void write_metrics(void *owner, struct buffer *buffer)
{
    vitals_write_metrics(&((const struct process *)owner)->vitals, buffer);
}

static void init_vitals(struct process *process)
{
    process->metrics = metrics_new(NULL, 0);
    vitals_init(&process->vitals, "scheduler");
    process->vitals.metrics = (const struct metrics *const *)&process->metrics;
    process->vitals.metrics_count = 1;
    process->reporter.vitals = &process->vitals;
    atomic_store(&process->ticked_ms, clock_monotonic_ms());
}

/* Every turn puts the alarm off: by two heartbeats, and never by less than a turn may take. */
static void run(struct process *process, const struct ports *ports, int stop_fd)
{
    const struct scheduler_options options = {
        .ports = ports,
        .sweep_interval_ms = process->settings.sweep_interval_ms,
        .expire_interval_ms = EXPIRE_INTERVAL_MS,
        .confirm_wait_ms = CONFIRM_WAIT_MS,
        .metrics = process->metrics,
        .bus_maker_owner = process,
        .make_bus = make_bus,
    };
    struct scheduler *scheduler = scheduler_new(&options);
    log_event(LOG_INFO, "started", "sweep_interval_ms=%" PRId64,
              process->settings.sweep_interval_ms);
    struct signalfd_siginfo signal_info;
    while (read(stop_fd, &signal_info, sizeof(signal_info)) <= 0) {
        (void)alarm(stuck_after_s(process));
        scheduler_turn(scheduler, TURN_MS, stop_fd);
        int64_t now_ms = clock_monotonic_ms();
        atomic_store(&process->ticked_ms, now_ms);
        reporter_tell(&process->reporter, scheduler_publisher(scheduler), now_ms);
    }
    atomic_store(&process->is_stopping, true);
    log_event(LOG_INFO, "stopping", "signal=%u", signal_info.ssi_signo);
    scheduler_close(scheduler);
    scheduler_free(scheduler);
}

int main(int argc, char **argv)
{
    struct process process = {0};
    read_arguments(argc, argv);
    load_settings(&process.settings);
    int stop_fd = open_signals();
    const struct health_source source = {
        .owner = &process,
        .is_alive = is_alive,
        .is_ready = is_ready,
        .write_metrics = write_metrics,
    };
    init_vitals(&process);
    struct health_server *health = health_server_start(process.settings.health_listen, &source);
    process.topology = topology_new(contracts, contract_count);
    struct postgres *db = postgres_new(&(struct postgres_options){
        .url = process.settings.database_url,
        .application_name = "scheduler",
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
        .round_trip_timeout_ms = ROUND_TRIP_TIMEOUT_MS,
        .statement_timeout_ms = STATEMENT_TIMEOUT_MS,
        .lock_timeout_ms = LOCK_TIMEOUT_MS,
    });
    struct postgres_outbox outbox;
    struct postgres_expiry expiry;
    struct postgres_dead_letters dead_letters;
    struct postgres_readiness readiness;
    struct postgres_schedule schedule;
    postgres_outbox_init(&outbox, db);
    postgres_expiry_init(&expiry, db, process.settings.identity_lifetime_hours);
    postgres_dead_letters_init(&dead_letters, db);
    postgres_readiness_init(&readiness, db);
    postgres_schedule_init(&schedule, db);
    const struct ports ports = {
        .outbox = &outbox.outbox,
        .expiry = &expiry.expiry,
        .dead_letters = &dead_letters.dead_letters,
        .readiness = &readiness.readiness,
        .schedule = &schedule.schedule,
    };

    run(&process, &ports, stop_fd);

    health_server_stop(health);
    metrics_free(process.metrics);
    postgres_free(db);
    topology_free(process.topology);
    (void)close(stop_fd);
    log_event(LOG_INFO, "stopped", "status=0");
    return EXIT_SUCCESS;
}
