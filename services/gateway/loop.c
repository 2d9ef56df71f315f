/* The event loop. */

#include "services/gateway/loop.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/bus/amqp_bus.h"
#include "common/core/clock.h"
#include "common/core/memory.h"
#include "services/gateway/access_log.h"
#include "services/gateway/broker.h"
#include "services/gateway/listeners.h"
#include "services/gateway/server.h"

enum {
    DRAIN_MS = 9000,
    LINGER_MS = 300,      /* for the last request of connections that are kept alive */
    STANDSTILL_MS = 2000, /* of requests that come no further */
    LEFTOVERS_MS = 5000,  /* for a broker that is away to take what was called pending */
    GOODBYE_MS = 500,
    TICK_MS = 1000,
    PATIENCE_MS = 2000, /* of new connections with a gateway that has no broker yet */
    NAME_SIZE = 64,
    BODIES_MAX = 64 * 1024 * 1024,
};

struct loop {
    struct loop_options options;
    pthread_t thread;
    int stop_fd;
    atomic_bool is_stopping;
    atomic_bool is_finished;
    _Atomic int64_t ticked_ms;
    struct server *server;
    struct broker *broker;
    struct local local;
    bool is_serving;
    int64_t started_ms;
    int64_t now_ms;
    char publisher_name[NAME_SIZE];
    char replies_name[NAME_SIZE];
};

static bool on_head(void *owner, struct request *request)
{
    struct loop *loop = owner;
    request->local = &loop->local;
    request->responder = responder_of(request);
    return request->responder->read_head(request);
}

static void take_outcome(struct call *call, enum call_outcome outcome,
                         const struct bus_message *reply)
{
    struct request *request = call->request;
    request->open_calls--;
    request->responder->take(request, call, outcome, reply);
}

/* Send what the responder has called, and respond when it waits for nothing. */
static void advance(struct loop *loop, struct request *request)
{
    struct call *call;
    while ((call = request_take_unsent(request)) != NULL) {
        if (broker_call(loop->broker, call, loop->now_ms) != OK) {
            take_outcome(call, CALL_UNAVAILABLE, NULL);
        }
    }
    if (request->open_calls == 0) {
        server_respond(loop->server, request);
        if (request->response.is_stream) {
            listeners_add(loop->local.listeners, request, loop->now_ms);
        }
    }
}

static void on_request(void *owner, struct request *request)
{
    request->responder->begin(request);
    advance(owner, request);
}

static void on_outcome(void *owner, struct call *call, enum call_outcome outcome,
                       const struct bus_message *reply)
{
    take_outcome(call, outcome, reply);
    advance(owner, call->request);
}

static void on_done(void *owner, struct request *request)
{
    struct loop *loop = owner;
    for (struct call *call = request->calls; call != NULL; call = call->next_of_request) {
        broker_forget(loop->broker, call);
    }
    listeners_remove(loop->local.listeners, request);
    traffic_note(loop->options.traffic, request);
    access_log_write(request);
}

static int least(int a, int b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

enum { SERVER_FD, STOP_FD, FIRST_BROKER_FD, FDS = FIRST_BROKER_FD + BROKER_FDS };

/*
 * Connections that come before the broker is there wait in the backlog, or go to another gateway: a
 * restart is no reason for a 503. If it does not come, they are told.
 */
static bool is_serving(struct loop *loop)
{
    if (!loop->is_serving) {
        loop->is_serving =
            broker_is_ready(loop->broker) || clock_monotonic_ms() - loop->started_ms >= PATIENCE_MS;
    }
    return loop->is_serving;
}

/* Wait until there is something to do, for at most `timeout_ms`. */
static void wait_for_work(struct loop *loop, int timeout_ms, struct pollfd fds[FDS])
{
    bool is_stopping = atomic_load_explicit(&loop->is_stopping, memory_order_relaxed);
    int http_fd = is_serving(loop) ? server_fd(loop->server) : -1;
    fds[SERVER_FD] = (struct pollfd){.fd = http_fd, .events = POLLIN};
    fds[STOP_FD] = (struct pollfd){.fd = is_stopping ? -1 : loop->stop_fd, .events = POLLIN};
    broker_poll_fds(loop->broker, fds + FIRST_BROKER_FD);
    timeout_ms = least(timeout_ms, http_fd < 0 ? -1 : server_timeout_ms(loop->server));
    timeout_ms = least(timeout_ms, broker_timeout_ms(loop->broker, clock_monotonic_ms()));
    (void)poll(fds, FDS, timeout_ms);
}

/* For those who watch. */
static void tell(struct loop *loop)
{
    const struct loop_options *options = &loop->options;
    bool is_well = broker_is_answering(loop->broker);
    metrics_set_part(options->metrics, PART_BROKER, is_well ? PART_UP : PART_DOWN);
    metrics_set_serving(options->metrics, is_well && !loop->local.is_draining);
    traffic_set(options->traffic, TRAFFIC_REQUESTS, server_request_count(loop->server));
    traffic_set(options->traffic, TRAFFIC_CONNECTIONS, server_connection_count(loop->server));
    traffic_set(options->traffic, TRAFFIC_WAITING, broker_waiting_count(loop->broker));
    traffic_set(options->traffic, TRAFFIC_LEFTOVERS, broker_leftover_count(loop->broker));
    if (options->reporter != NULL && !loop->local.is_draining) {
        reporter_tell(options->reporter, broker_publisher(loop->broker), loop->now_ms);
    }
}

/* Once round: replies in, responses out, requests in, messages out. */
static void turn(struct loop *loop, int timeout_ms)
{
    struct pollfd fds[FDS];
    wait_for_work(loop, timeout_ms, fds);
    loop->now_ms = clock_monotonic_ms();
    loop->local.now_ms = loop->now_ms;
    atomic_store_explicit(&loop->ticked_ms, loop->now_ms, memory_order_relaxed);
    broker_receive(loop->broker, fds + FIRST_BROKER_FD, loop->now_ms);
    server_tick(loop->server, loop->now_ms);
    if (fds[SERVER_FD].revents != 0 || server_timeout_ms(loop->server) == 0) {
        server_run(loop->server);
    }
    if (loop->local.is_draining) {
        listeners_end(loop->local.listeners, loop->server);
    } else {
        listeners_tick(loop->local.listeners, loop->server, loop->now_ms);
    }
    tell(loop);
    broker_send(loop->broker, loop->now_ms);
}

/* How far a drain has come. */
struct drain {
    int64_t begun_ms;
    int64_t moved_ms; /* when something happened last */
    uint64_t progress;
};

/* Nobody waits for a reply, and nothing happens any more: what has begun to come and stands still
 * is given up. */
static bool is_drained(const struct loop *loop, struct drain *drain)
{
    uint64_t progress = server_progress(loop->server);
    if (progress != drain->progress) {
        drain->progress = progress;
        drain->moved_ms = loop->now_ms;
    }
    int64_t lasted_ms = loop->now_ms - drain->begun_ms;
    if (broker_leftover_count(loop->broker) > 0 && lasted_ms < LEFTOVERS_MS) {
        return false;
    }
    if (server_connection_count(loop->server) == 0 || lasted_ms >= DRAIN_MS) {
        return true;
    }
    int64_t patience_ms = server_request_count(loop->server) == 0 ? LINGER_MS : STANDSTILL_MS;
    return broker_waiting_count(loop->broker) == 0 && loop->now_ms - drain->moved_ms >= patience_ms;
}

static void drain(struct loop *loop)
{
    struct drain drain = {.begun_ms = loop->now_ms, .moved_ms = loop->now_ms};
    loop->local.is_draining = true;
    server_drain(loop->server);
    while (!is_drained(loop, &drain)) {
        turn(loop, 50);
    }
    broker_close(loop->broker, GOODBYE_MS);
    /* without the broker no request begins to wait any more, and the library ends the process that
     * stops it while one does */
    broker_give_up(loop->broker);
    turn(loop, 0);
}

static void *run(void *argument)
{
    struct loop *loop = argument;
    while (!atomic_load_explicit(&loop->is_stopping, memory_order_relaxed)) {
        turn(loop, TICK_MS);
    }
    drain(loop);
    atomic_store(&loop->is_finished, true);
    return NULL;
}

static struct bus *open_bus(struct loop *loop, const char *purpose, char name[NAME_SIZE],
                            const struct bus_events *events)
{
    const struct settings *settings = loop->options.settings;
    (void)snprintf(name, NAME_SIZE, "gateway %d loop %u %s", (int)getpid(), loop->options.number,
                   purpose);
    const struct amqp_bus_options options = {
        .url = settings->amqp_url,
        .connection_name = name,
        .topology = loop->options.topology,
        .heartbeat_seconds = (unsigned)settings->heartbeat_seconds,
        .has_confirms = events == broker_publisher_events(),
    };
    return amqp_bus_new(&options, events, loop->broker);
}

static void open_broker(struct loop *loop)
{
    loop->broker = broker_new(loop->options.gateway, &loop->options.limits, on_outcome, loop);
    struct bus *publisher =
        open_bus(loop, "publish", loop->publisher_name, broker_publisher_events());
    struct bus *replies = open_bus(loop, "replies", loop->replies_name, broker_replies_events());
    broker_attach(loop->broker, publisher, replies);
    loop->local = (struct local){
        .broker = loop->broker,
        .reports = broker_reports(loop->broker),
        .now_ms = loop->now_ms,
        .listeners = listeners_new(),
    };
}

static bool open_server(struct loop *loop)
{
    static const struct server_events events = {
        .on_head = on_head, .on_request = on_request, .on_done = on_done};
    const struct server_options options = {
        .gateway = loop->options.gateway,
        .listen_fd = loop->options.listen_fd,
        .connections_max = loop->options.connections_max,
        .bodies_max = BODIES_MAX,
        .now_ms = loop->now_ms,
    };
    loop->server = server_new(&options, &events, loop);
    return loop->server != NULL;
}

static void loop_free(struct loop *loop)
{
    server_free(loop->server);
    listeners_free(loop->local.listeners);
    broker_free(loop->broker);
    if (loop->stop_fd >= 0) {
        close(loop->stop_fd);
    }
    free(loop);
}

struct loop *loop_start(const struct loop_options *options)
{
    struct loop *loop = memory_new(1, sizeof(*loop));
    loop->options = *options;
    loop->now_ms = clock_monotonic_ms();
    loop->started_ms = loop->now_ms;
    loop->ticked_ms = loop->now_ms;
    loop->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    open_broker(loop);
    bool is_started = loop->stop_fd >= 0 && open_server(loop) &&
                      pthread_create(&loop->thread, NULL, run, loop) == 0;
    if (!is_started) {
        log_event(LOG_ERROR, "loop_failed", "loop=%u", options->number);
        loop_free(loop);
        return NULL;
    }
    return loop;
}

void loop_stop(struct loop *loop)
{
    atomic_store(&loop->is_stopping, true);
    (void)eventfd_write(loop->stop_fd, 1);
}

int64_t loop_ticked_ms(const struct loop *loop)
{
    return atomic_load_explicit(&loop->ticked_ms, memory_order_relaxed);
}

bool loop_is_finished(const struct loop *loop)
{
    return atomic_load(&loop->is_finished);
}

void loop_join(struct loop *loop)
{
    (void)pthread_join(loop->thread, NULL);
    loop_free(loop);
}
