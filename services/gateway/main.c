/* The gateway: HTTP in, queue out. */

#include <getopt.h>
#include <signal.h>
#include <stdatomic.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "common/bus/amqp_bus.h"
#include "common/core/clock.h"
#include "common/health/health_server.h"
#include "contracts/routes.h"
#include "contracts/sessions_touch.h"
#include "services/gateway/listen.h"
#include "services/gateway/loop.h"

enum { LOOPS_MAX = 64, OTHER_FDS = 64, FDS_OF_LOOP = 16 };

struct process {
    struct settings settings;
    struct gateway gateway;
    struct topology *topology;
    struct loop *loops[LOOPS_MAX];
    size_t loop_count;
    struct metrics *metrics[LOOPS_MAX]; /* of the loops */
    struct traffic *traffic[LOOPS_MAX];
    struct vitals vitals;
    struct reporter reporter;
    atomic_bool is_stopping;
};

static void print_usage(FILE *stream)
{
    (void)fputs("usage: gateway [--help]\n\n"
                "HTTP in, queue out. Settings are environment variables:\n\n",
                stream);
    settings_print(stream, SETTINGS_GATEWAY);
}

static void read_arguments(int argc, char **argv)
{
    static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
    int option = getopt_long(argc, argv, "", options, NULL);
    if (option == 'h') {
        print_usage(stdout);
        exit(EXIT_SUCCESS);
    }
    if (option != -1 || optind < argc) {
        print_usage(stderr);
        exit(EXIT_USAGE);
    }
}

static void read_settings(struct process *process)
{
    struct settings *settings = &process->settings;
    settings_load(settings, SETTINGS_GATEWAY);
    if (!amqp_url_is_valid(settings->amqp_url)) {
        fputs("gateway: AMQP_URL is not amqp://user:password@host:port/vhost\n", stderr);
        exit(EXIT_CONFIGURATION);
    }
    gateway_init(&process->gateway, settings, http_bindings, http_binding_count);
    process->gateway.touch_contract = &sessions_touch_contract;
    if (settings->public_url[0] != '\0' && !process->gateway.has_public_origin) {
        fputs("gateway: PUBLIC_URL is not http(s)://host[:port]\n", stderr);
        exit(EXIT_CONFIGURATION);
    }
    if (!process->gateway.are_proxies_readable) {
        (void)fprintf(
            stderr,
            "gateway: TRUSTED_PROXIES is not a list of at most %d addresses and networks, like "
            "127.0.0.1,10.0.0.0/8,fd00::/8\n",
            PROXIES_MAX);
        exit(EXIT_CONFIGURATION);
    }
    log_configure("gateway", settings->log_format, settings->log_level);
}

static size_t share(size_t whole, size_t loops)
{
    return whole < loops ? 1 : whole / loops;
}

/* Each connection is a descriptor: have as many as we may, and take no more connections than that.
 */
static unsigned connections_a_loop(const struct settings *settings)
{
    struct rlimit limit;
    size_t loops = (size_t)settings->http_loops;
    size_t wanted = (size_t)settings->connections_max;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return (unsigned)share(wanted, loops);
    }
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    size_t reserved = OTHER_FDS + FDS_OF_LOOP * loops;
    size_t available = limit.rlim_cur > reserved ? (size_t)limit.rlim_cur - reserved : loops;
    return (unsigned)share(available < wanted ? available : wanted, loops);
}

/* Signals are for this thread only: loops inherit the mask. */
static void block_signals(sigset_t *ret)
{
    (void)signal(SIGPIPE, SIG_IGN);
    sigemptyset(ret);
    sigaddset(ret, SIGTERM);
    sigaddset(ret, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, ret, NULL);
}

static void start_loops(struct process *process, int listen_fd)
{
    const struct settings *settings = &process->settings;
    size_t loops = (size_t)settings->http_loops;
    struct loop_options options = {
        .gateway = &process->gateway,
        .settings = &process->settings,
        .topology = process->topology,
        .listen_fd = listen_fd,
        .connections_max = connections_a_loop(settings),
        .limits = {.in_flight_max = share((size_t)settings->in_flight_max, loops),
                   .route_in_flight_max = share((size_t)settings->route_in_flight_max, loops)},
    };
    for (int64_t i = 0; i < process->settings.http_loops && i < LOOPS_MAX; i++) {
        options.number = (unsigned)i + 1;
        options.metrics = process->metrics[i];
        options.traffic = process->traffic[i];
        options.reporter = i == 0 ? &process->reporter : NULL;
        struct loop *loop = loop_start(&options);
        if (loop == NULL) {
            exit(EXIT_STUCK);
        }
        process->loops[process->loop_count++] = loop;
    }
}

static size_t loops_wanted(const struct process *process)
{
    int64_t loops = process->settings.http_loops;
    return loops < LOOPS_MAX ? (size_t)loops : LOOPS_MAX;
}

static void init_vitals(struct process *process)
{
    vitals_init(&process->vitals, "gateway");
    process->vitals.metrics = (const struct metrics *const *)process->metrics;
    process->vitals.metrics_count = loops_wanted(process);
    process->reporter.vitals = &process->vitals;
    for (size_t i = 0; i < loops_wanted(process); i++) {
        process->metrics[i] = metrics_new(NULL, 0);
        process->traffic[i] = traffic_new();
    }
}

static void free_vitals(struct process *process)
{
    for (size_t i = 0; i < loops_wanted(process); i++) {
        metrics_free(process->metrics[i]);
        traffic_free(process->traffic[i]);
    }
}

/* Of whoever asks on its own port; the loops are watched from the main thread, which ends the
 * process where one stands still: where there is an answer, they go round. */
static bool is_alive(void *owner)
{
    (void)owner;
    return true;
}

static bool is_ready(void *owner)
{
    struct process *process = owner;
    return !atomic_load(&process->is_stopping) && vitals_is_serving(&process->vitals);
}

static void write_metrics(void *owner, struct buffer *buffer)
{
    const struct process *process = owner;
    vitals_write_metrics(&process->vitals, buffer);
    traffic_write(process->traffic, process->vitals.metrics_count, buffer);
}

/* A loop that does not go round any more cannot be ended alone: the process goes and is started
 * again. */
static void check_ticks(const struct process *process)
{
    int64_t limit_ms = 2 * 1000 * process->settings.heartbeat_seconds;
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < process->loop_count; i++) {
        const struct loop *loop = process->loops[i];
        if (!loop_is_finished(loop) && now_ms - loop_ticked_ms(loop) > limit_ms) {
            log_event(LOG_ERROR, "loop_stuck", "loop=%zu", i + 1);
            _exit(EXIT_STUCK);
        }
    }
}

static void wait_for_signal(const struct process *process, const sigset_t *signals)
{
    const struct timespec second = {.tv_sec = 1};
    while (sigtimedwait(signals, NULL, &second) < 0) {
        check_ticks(process);
    }
}

static void stop_loops(struct process *process)
{
    const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};
    for (size_t i = 0; i < process->loop_count; i++) {
        loop_stop(process->loops[i]);
    }
    for (size_t i = 0; i < process->loop_count; i++) {
        while (!loop_is_finished(process->loops[i])) {
            (void)nanosleep(&moment, NULL);
            check_ticks(process);
        }
        loop_join(process->loops[i]);
    }
}

int main(int argc, char **argv)
{
    struct process process = {0};
    sigset_t signals;
    const struct health_source source = {
        .owner = &process,
        .is_alive = is_alive,
        .is_ready = is_ready,
        .write_metrics = write_metrics,
    };
    read_arguments(argc, argv);
    read_settings(&process);
    if (sodium_init() < 0) {
        fputs("gateway: libsodium does not start\n", stderr);
        return EXIT_STUCK;
    }
    process.topology = topology_new(contracts, contract_count);
    int listen_fd = listen_open(process.settings.http_listen);
    block_signals(&signals);
    init_vitals(&process);
    struct health_server *health = health_server_start(process.settings.health_listen, &source);
    start_loops(&process, listen_fd);
    log_event(LOG_INFO, "started", "listen=%s loops=%zu", process.settings.http_listen,
              process.loop_count);
    wait_for_signal(&process, &signals);
    atomic_store(&process.is_stopping, true);
    log_event(LOG_INFO, "stopping", "signal=term");
    close(listen_fd); /* whoever handed it over has it still */
    stop_loops(&process);
    health_server_stop(health);
    free_vitals(&process);
    topology_free(process.topology);
    return EXIT_SUCCESS;
}
