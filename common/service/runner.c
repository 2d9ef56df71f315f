/* Threads of workers, and the watch over them. */

#include "common/service/runner.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <sodium.h>

#include "common/bus/amqp_bus.h"
#include "common/contract/contract.h"
#include "common/core/clock.h"
#include "common/core/glob.h"
#include "common/core/memory.h"
#include "common/health/health_server.h"
#include "common/health/reporter.h"
#include "common/service/runner_arguments.h"
#include "common/service/watch.h"

enum {
    THREADS_MAX = POOL_COUNT * 256,
    TURN_MS = 1000,
    NAME_SIZE = 96,
};

struct runner;

struct runner_thread {
    struct runner *runner;
    pthread_t thread;
    const struct handler **handlers;
    size_t handler_count;
    struct metrics *metrics;
    char name[NAME_SIZE];
    _Atomic int64_t ticked_ms;
    atomic_bool is_finished;
};

struct runner {
    const struct runner_service *service;
    struct settings settings;
    struct topology *topology;
    const struct handler **handlers[POOL_COUNT]; /* of the workers of a pool */
    struct runner_thread *threads;
    size_t thread_count;
    struct vitals vitals;
    const struct metrics **metrics; /* of the threads */
    struct reporter reporter;       /* the first thread's */
    struct health_server *health;
    atomic_flag questionable; /* of the workers: worker.h */
    struct watch watch;
    int64_t stopping_since_ms; /* 0: it goes on; written before is_stopping */
    int stop_fd;               /* readable for good once the service is to stop */
    atomic_bool is_stopping;
};

static struct bus *make_bus(void *owner, enum bus_role role, const struct bus_events *events,
                            void *bus_owner)
{
    const struct runner_thread *thread = owner;
    const struct settings *settings = &thread->runner->settings;
    struct amqp_bus_options options = {
        .url = settings->amqp_url,
        .connection_name = thread->name,
        .topology = thread->runner->topology,
        .heartbeat_seconds = (unsigned)settings->heartbeat_seconds,
        .has_confirms = role == BUS_ROLE_PUBLISH,
    };
    return amqp_bus_new(&options, events, bus_owner);
}

static void tick(struct runner_thread *thread)
{
    atomic_store_explicit(&thread->ticked_ms, clock_monotonic_ms(), memory_order_relaxed);
}

static void drain(struct runner_thread *thread, struct worker *worker)
{
    int64_t end_ms = thread->runner->stopping_since_ms + DRAIN_MS;
    worker_drain(worker);
    while (!worker_is_idle(worker) && clock_monotonic_ms() < end_ms) {
        worker_turn(worker, 50, -1);
        tick(thread);
    }
    worker_close(worker);
}

static void *run_thread(void *argument)
{
    struct runner_thread *thread = argument;
    struct runner *runner = thread->runner;
    struct worker_options options = {
        .handlers = thread->handlers,
        .handler_count = thread->handler_count,
        .prefetch = (unsigned)runner->settings.prefetch,
        .retry_wait_ms = runner->settings.retry_wait_ms,
        .questionable = &runner->questionable,
        .metrics = thread->metrics,
        .bus_maker_owner = thread,
        .make_bus = make_bus,
    };
    void *parts = runner->service->open(&runner->settings, &options);
    struct worker *worker = worker_new(&options);
    while (!atomic_load(&runner->is_stopping)) {
        worker_turn(worker, TURN_MS, runner->stop_fd);
        tick(thread);
        if (thread == runner->threads) {
            reporter_tell(&runner->reporter, worker_publisher(worker), clock_monotonic_ms());
        }
    }
    drain(thread, worker);
    worker_free(worker);
    runner->service->close(parts);
    atomic_store(&thread->is_finished, true);
    return NULL;
}

static void add_thread(struct runner *runner, enum worker_pool pool, size_t handler_count)
{
    struct runner_thread *thread = &runner->threads[runner->thread_count++];
    thread->runner = runner;
    thread->handlers = runner->handlers[pool];
    thread->handler_count = handler_count;
    thread->metrics = metrics_new(thread->handlers, handler_count);
    runner->metrics[runner->vitals.metrics_count++] = thread->metrics;
    (void)snprintf(thread->name, sizeof(thread->name), "%s %d worker %zu", runner->service->name,
                   (int)getpid(), runner->thread_count);
    tick(thread);
}

/* As many workers as asked for, if any message of this pool is to be served. */
static void add_pool(struct runner *runner, enum worker_pool pool, int64_t count,
                     const char *patterns)
{
    const struct runner_service *service = runner->service;
    runner->handlers[pool] = memory_new(service->handler_count, sizeof(const struct handler *));
    size_t handler_count = 0;
    for (size_t i = 0; i < service->handler_count; i++) {
        const struct contract *contract = service->handlers[i].contract;
        if (contract->pool == pool && glob_list_matches(patterns, contract->name)) {
            runner->handlers[pool][handler_count++] = &service->handlers[i];
        }
    }
    for (int64_t i = 0; i < count && handler_count > 0; i++) {
        add_thread(runner, pool, handler_count);
    }
}

static bool is_alive(void *owner)
{
    const struct runner *runner = owner;
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < runner->thread_count; i++) {
        const struct runner_thread *thread = &runner->threads[i];
        if (!atomic_load(&thread->is_finished) &&
            now_ms - atomic_load(&thread->ticked_ms) > runner->watch.limit_ms) {
            return false;
        }
    }
    return true;
}

static bool is_ready(void *owner)
{
    struct runner *runner = owner;
    return !atomic_load(&runner->is_stopping) && vitals_is_serving(&runner->vitals);
}

static void write_metrics(void *owner, struct buffer *buffer)
{
    vitals_write_metrics(&((const struct runner *)owner)->vitals, buffer);
}

static void start(struct runner *runner, const struct health_source *source)
{
    runner->health = health_server_start(runner->settings.health_listen, source);
    for (size_t i = 0; i < runner->thread_count; i++) {
        struct runner_thread *thread = &runner->threads[i];
        if (pthread_create(&thread->thread, NULL, run_thread, thread) != 0) {
            log_event(LOG_ERROR, "thread_failed", "name=\"%s\"", thread->name);
            exit(EXIT_STUCK);
        }
    }
    log_event(LOG_INFO, "started", "workers=%zu", runner->thread_count);
}

/* Threads that hang cannot be ended one by one: the process goes, and its messages to others. */
static _Noreturn void leave(const char *why, const struct runner_thread *thread)
{
    log_event(LOG_ERROR, why, "name=\"%s\"", thread->name);
    _exit(EXIT_STUCK);
}

static void check_ticks(struct runner *runner)
{
    int64_t now_ms = clock_monotonic_ms();
    watch_look(&runner->watch, now_ms);
    for (size_t i = 0; i < runner->thread_count; i++) {
        const struct runner_thread *thread = &runner->threads[i];
        if (atomic_load(&thread->is_finished)) {
            continue;
        }
        if (watch_is_stuck(&runner->watch, atomic_load(&thread->ticked_ms), now_ms)) {
            leave("worker_stuck", thread);
        }
        if (runner->stopping_since_ms != 0 && now_ms - runner->stopping_since_ms > LEAVE_MS) {
            leave("drain_unfinished", thread);
        }
    }
}

static void wait_for_signal(struct runner *runner, const sigset_t *signals)
{
    const struct timespec pause = {.tv_sec = WATCH_PAUSE_MS / 1000};
    while (sigtimedwait(signals, NULL, &pause) < 0) {
        check_ticks(runner);
    }
}

/* The watch goes on: a worker that hangs now would keep the process for ever. */
static void stop(struct runner *runner)
{
    const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};
    log_event(LOG_INFO, "stopping", "workers=%zu", runner->thread_count);
    runner->stopping_since_ms = clock_monotonic_ms();
    atomic_store(&runner->is_stopping, true);
    (void)eventfd_write(runner->stop_fd, 1);
    for (size_t i = 0; i < runner->thread_count; i++) {
        while (!atomic_load(&runner->threads[i].is_finished)) {
            (void)nanosleep(&moment, NULL);
            check_ticks(runner);
        }
        pthread_join(runner->threads[i].thread, NULL);
    }
}

static void free_parts(struct runner *runner)
{
    health_server_stop(runner->health);
    for (size_t i = 0; i < runner->thread_count; i++) {
        metrics_free(runner->threads[i].metrics);
    }
    free(runner->metrics);
    for (size_t i = 0; i < POOL_COUNT; i++) {
        free(runner->handlers[i]);
    }
    topology_free(runner->topology);
    free(runner->threads);
    close(runner->stop_fd);
}

/* Blocked before any thread is made, so that only wait_for_signal sees them. */
static sigset_t block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    return signals;
}

int runner_main(int argc, char **argv, const struct runner_service *service)
{
    struct runner runner = {.service = service, .questionable = ATOMIC_FLAG_INIT};
    const struct health_source source = {
        .owner = &runner,
        .is_alive = is_alive,
        .is_ready = is_ready,
        .write_metrics = write_metrics,
    };
    const char *patterns = runner_read_arguments(argc, argv, service);
    runner_load_settings(service, &runner.settings);
    log_configure(service->name, runner.settings.log_format, runner.settings.log_level);
    sigset_t signals = block_signals();
    runner.stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    watch_init(&runner.watch, &runner.settings, clock_monotonic_ms());
    runner.topology = topology_new(contracts, contract_count);
    runner.threads = memory_new(THREADS_MAX, sizeof(*runner.threads));
    runner.metrics = memory_new(THREADS_MAX, sizeof(const struct metrics *));
    vitals_init(&runner.vitals, service->name);
    runner.vitals.metrics = runner.metrics;
    runner.reporter.vitals = &runner.vitals;
    if (sodium_init() < 0 || runner.stop_fd < 0) {
        abort();
    }

    patterns = patterns == NULL ? runner.settings.handlers : patterns;
    add_pool(&runner, POOL_DEFAULT, runner.settings.workers, patterns);
    add_pool(&runner, POOL_PASSWORD, runner.settings.password_workers, patterns);
    add_pool(&runner, POOL_MAIL, runner.settings.mail_workers, patterns);
    add_pool(&runner, POOL_SEARCH, runner.settings.search_workers, patterns);
    if (runner.thread_count == 0) {
        (void)fprintf(stderr, "HANDLERS matches no message of %s\n", service->name);
        free_parts(&runner);
        return EXIT_CONFIGURATION;
    }
    start(&runner, &source);
    wait_for_signal(&runner, &signals);
    stop(&runner);
    free_parts(&runner);
    log_event(LOG_INFO, "stopped", "status=0");
    return EXIT_SUCCESS;
}
