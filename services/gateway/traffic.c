/* Requests, counted. */

#include "services/gateway/traffic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/attributes.h"
#include "common/core/clock.h"
#include "common/core/memory.h"
#include "common/health/exposition.h"
#include "services/gateway/request.h"

enum { ROUTES_MAX = 1024, LABELS_SIZE = 256 };

static const int statuses[] = {200, 201, 202, 204, 301, 302, 303, 304, 400, 401, 403,
                               404, 405, 409, 413, 415, 422, 429, 431, 500, 501, 503};
enum { STATUSES = ARRAY_COUNT(statuses) + 1 }; /* and all others */

static const char *const methods[] = {"GET", "HEAD", "POST", "PATCH", "DELETE", "other"};

struct route_traffic {
    const char *route; /* "-": none */
    size_t method;
    _Atomic uint64_t by_status[STATUSES];
    struct histogram duration;
};

struct traffic {
    _Atomic(struct route_traffic *) routes[ROUTES_MAX]; /* by a digest of route and method */
    _Atomic uint64_t levels[TRAFFIC_LEVELS];
};

struct traffic *traffic_new(void)
{
    return memory_new(1, sizeof(struct traffic));
}

void traffic_free(struct traffic *traffic)
{
    if (traffic == NULL) {
        return;
    }
    for (size_t i = 0; i < ROUTES_MAX; i++) {
        free(atomic_load(&traffic->routes[i]));
    }
    free(traffic);
}

/* One that a route does not have is among the others: strangers fill no table with it. */
static size_t method_of(const struct request *request)
{
    size_t method = 0;
    size_t other = ARRAY_COUNT(methods) - 1;
    bool is_refused = request->response.status == err_info(ERR_METHOD_NOT_ALLOWED)->http_status;
    while (method < other && strcmp(request->http.method, methods[method]) != 0) {
        method++;
    }
    return is_refused ? other : method;
}

static size_t status_of(const struct request *request)
{
    size_t status = 0;
    while (status < ARRAY_COUNT(statuses) && statuses[status] != request->response.status) {
        status++;
    }
    return status;
}

/* Where it is counted; NULL: the table is full. */
static struct route_traffic *find(struct traffic *traffic, const char *route, size_t method)
{
    size_t place = ((uintptr_t)route / 8 + method * 31) % ROUTES_MAX;
    for (size_t i = 0; i < ROUTES_MAX; i++, place = (place + 1) % ROUTES_MAX) {
        struct route_traffic *found =
            atomic_load_explicit(&traffic->routes[place], memory_order_relaxed);
        if (found == NULL) {
            found = memory_new(1, sizeof(*found));
            found->route = route;
            found->method = method;
            atomic_store_explicit(&traffic->routes[place], found, memory_order_release);
            return found;
        }
        if (found->route == route && found->method == method) {
            return found;
        }
    }
    return NULL;
}

void traffic_note(struct traffic *traffic, const struct request *request)
{
    static const char none[] = "-";
    const char *route = request->route == NULL ? none : request->route;
    struct route_traffic *found = find(traffic, route, method_of(request));
    if (found != NULL) {
        metrics_add(&found->by_status[status_of(request)], 1);
        histogram_note(&found->duration, clock_monotonic_us() - request->started_us);
    }
}

void traffic_set(struct traffic *traffic, enum traffic_level level, size_t value)
{
    atomic_store_explicit(&traffic->levels[level], value, memory_order_relaxed);
}

/* A route of all loops. */
struct route_sum {
    const char *route;
    size_t method;
    uint64_t by_status[STATUSES];
    struct histogram_sum duration;
};

struct traffic_sum {
    struct route_sum *routes;
    size_t count;
    size_t capacity;
};

/* Those that several loops know several times. */
static size_t count_routes(struct traffic *const *all, size_t count)
{
    size_t routes = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < ROUTES_MAX; j++) {
            routes += atomic_load_explicit(&all[i]->routes[j], memory_order_acquire) != NULL;
        }
    }
    return routes;
}

static struct route_sum *sum_of(struct traffic_sum *sum, const struct route_traffic *from)
{
    for (size_t i = 0; i < sum->count; i++) {
        struct route_sum *route = &sum->routes[i];
        if (route->method == from->method && strcmp(route->route, from->route) == 0) {
            return route;
        }
    }
    if (sum->count == sum->capacity) {
        return NULL;
    }
    sum->routes[sum->count] = (struct route_sum){.route = from->route, .method = from->method};
    return &sum->routes[sum->count++];
}

static void add_up(struct traffic *traffic, struct traffic_sum *sum)
{
    for (size_t i = 0; i < ROUTES_MAX; i++) {
        const struct route_traffic *from =
            atomic_load_explicit(&traffic->routes[i], memory_order_acquire);
        struct route_sum *to = from == NULL ? NULL : sum_of(sum, from);
        if (to == NULL) {
            continue;
        }
        for (size_t j = 0; j < STATUSES; j++) {
            to->by_status[j] += atomic_load_explicit(&from->by_status[j], memory_order_relaxed);
        }
        histogram_add_up(&from->duration, &to->duration);
    }
}

static void write_route(struct buffer *buffer, const struct route_sum *route)
{
    char labels[LABELS_SIZE];
    for (size_t i = 0; i < STATUSES; i++) {
        char status[8] = "other";
        if (route->by_status[i] == 0) {
            continue;
        }
        if (i < ARRAY_COUNT(statuses)) {
            (void)snprintf(status, sizeof(status), "%d", statuses[i]);
        }
        (void)snprintf(labels, sizeof(labels), "method=\"%s\",route=\"%s\",status=\"%s\"",
                       methods[route->method], route->route, status);
        exposition_sample(buffer, "postroom_http_requests_total", labels,
                          (double)route->by_status[i]);
    }
}

static void write_levels(struct traffic *const *all, size_t count, struct buffer *buffer)
{
    static const struct {
        const char *name;
        const char *help;
    } levels[TRAFFIC_LEVELS] = {
        {"postroom_http_requests_in_flight", "Requests that have begun to come and are not done."},
        {"postroom_http_connections", "Open connections of clients."},
        {"postroom_calls_waiting", "Messages whose reply is awaited."},
        {"postroom_calls_unconfirmed",
         "Commands that were called pending and that the broker has not confirmed."},
    };
    for (size_t level = 0; level < TRAFFIC_LEVELS; level++) {
        uint64_t sum = 0;
        for (size_t i = 0; i < count; i++) {
            sum += atomic_load_explicit(&all[i]->levels[level], memory_order_relaxed);
        }
        exposition_family(buffer, levels[level].name, "gauge", levels[level].help);
        exposition_sample(buffer, levels[level].name, "", (double)sum);
    }
}

void traffic_write(struct traffic *const *all, size_t count, struct buffer *buffer)
{
    struct traffic_sum sum = {.capacity = count_routes(all, count)};
    sum.routes = arena_alloc(buffer->arena, sum.capacity * sizeof(*sum.routes));
    for (size_t i = 0; i < count; i++) {
        add_up(all[i], &sum);
    }
    exposition_family(buffer, "postroom_http_requests_total", "counter",
                      "Requests that are done, by route and status.");
    for (size_t i = 0; i < sum.count; i++) {
        write_route(buffer, &sum.routes[i]);
    }
    exposition_family(buffer, "postroom_http_request_duration_seconds", "histogram",
                      "Time from the first byte of a request to the end of its response.");
    for (size_t i = 0; i < sum.count; i++) {
        char labels[LABELS_SIZE];
        (void)snprintf(labels, sizeof(labels), "method=\"%s\",route=\"%s\"",
                       methods[sum.routes[i].method], sum.routes[i].route);
        exposition_histogram(buffer, "postroom_http_request_duration_seconds", labels,
                             &sum.routes[i].duration);
    }
    write_levels(all, count, buffer);
}
