/* libmicrohttpd, driven from outside. */

#include "services/gateway/server_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/core/log.h"
#include "common/core/memory.h"
#include "common/language/language.h"

enum {
    /* bounds the request line and the headers; the library zeroes it for each request */
    CONNECTION_MEMORY = 16 * 1024,
    CONNECTION_MEMORY_STEP = 4 * 1024,
    CONNECTION_TIMEOUT_S = 30,
    BODY_DISCARDED_MAX = 8 * 1024 * 1024,
    ROUNDS_MAX = 16, /* of the library before the broker is looked after again */
};

/* The request line has come: `target` as sent, with its query string. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct server *server = cls;
    struct exchange *exchange = exchange_take(&server->exchanges, connection);
    exchange_set_target(exchange, target);
    return exchange;
}

/* The query string and the path are decoded by those who read them. */
static size_t leave_encoded(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

/* Hand the whole request over; the answer may be there at once. */
static enum MHD_Result hand_over(struct server *server, struct exchange *exchange)
{
    exchange->is_handed_over = true;
    connection_rest(exchange->connection);
    server->events->on_request(server->owner, exchange->request);
    if (exchange->is_answered) {
        return server_send_response(server, exchange);
    }
    MHD_suspend_connection(exchange->connection);
    exchange->is_suspended = true;
    return MHD_YES;
}

static enum MHD_Result take_head(struct server *server, struct exchange *exchange,
                                 const char *method, const char *version)
{
    struct request *request = exchange->request;
    exchange_set_head(exchange, method, version);
    exchange->has_head = true;
    exchange->is_body_kept = server->events->on_head(server->owner, request);

    uint64_t size = exchange_announced_size(exchange);
    bool is_refused = !exchange->is_body_kept || size > request->body_max;
    bool is_asking = size > 0 && http_request_header(&request->http, "Expect") != NULL;
    if (size > BODY_DISCARDED_MAX || (is_refused && is_asking) ||
        http_request_is_ambiguous(&request->http)) {
        /* answered before the body has come: the connection ends with it */
        request->http.body_size = size;
        return hand_over(server, exchange);
    }
    exchange->head_ms = server->now_ms;
    connection_extend(exchange);
    buffer_init(&exchange->body, request->arena);
    if (size > 0 && !is_refused) {
        (void)buffer_reserve(&exchange->body, size);
    }
    return MHD_YES;
}

/* The library takes no response in the middle of a body: past bearing, it is written by hand. What
 * is not answered at once ends without an answer. */
static enum MHD_Result answer_midway(struct server *server, struct exchange *exchange)
{
    exchange->is_handed_over = true;
    exchange->is_answered_midway = true;
    server->events->on_request(server->owner, exchange->request);
    if (!exchange->is_answered) {
        return MHD_NO;
    }
    exchange_write_response(exchange);
    return MHD_YES;
}

/* There is room for so many bodies: who comes with another one is asked to come again. */
static void keep_body(struct server *server, struct exchange *exchange, const char *data,
                      size_t size)
{
    if (size > server->bodies_max - server->bodies_size) {
        exchange->is_body_kept = false;
        (void)request_fail(exchange->request, ERR_UNAVAILABLE,
                           N_("Too much is being sent to us at present; try again."));
        return;
    }
    server->bodies_size += size;
    buffer_append(&exchange->body, data, size);
}

static enum MHD_Result take_body(struct server *server, struct exchange *exchange, const char *data,
                                 size_t *size)
{
    struct http_request *http = &exchange->request->http;
    http->body_size += *size;
    if (http->body_size > BODY_DISCARDED_MAX && !exchange->is_answered_midway &&
        answer_midway(server, exchange) != MHD_YES) {
        return MHD_NO;
    }
    if (http->body_size > 2 * (size_t)BODY_DISCARDED_MAX) {
        return MHD_NO; /* it had time to see the answer */
    }
    if (exchange->is_body_kept && http->body_size <= exchange->request->body_max) {
        keep_body(server, exchange, data, *size);
    }
    connection_extend(exchange);
    *size = 0;
    return MHD_YES;
}

/* Called when the headers are there, for each piece of the body, at its end, and after each
 * resumption. */
static enum MHD_Result on_access(void *cls, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *upload_data,
                                 size_t *upload_data_size, void **con_cls)
{
    (void)connection;
    (void)url;
    struct server *server = cls;
    struct exchange *exchange = *con_cls;
    server->progress++;
    if (!exchange->has_head) {
        return take_head(server, exchange, method, version);
    }
    if (*upload_data_size > 0) {
        return take_body(server, exchange, upload_data, upload_data_size);
    }
    if (exchange->is_answered_midway) {
        return MHD_NO;
    }
    if (exchange->is_answered) {
        return server_send_response(server, exchange);
    }
    if (exchange->is_handed_over) {
        return MHD_YES;
    }
    exchange->request->http.body = exchange->is_body_kept ? exchange->body.data : NULL;
    return hand_over(server, exchange);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
                         enum MHD_RequestTerminationCode code)
{
    (void)code;
    struct server *server = cls;
    struct exchange *exchange = *con_cls;
    if (exchange == NULL) {
        return;
    }
    *con_cls = NULL;
    connection_await_head(server, connection);
    server->bodies_size -= exchange->body.size;
    server->progress++;
    if (exchange->has_head) {
        server->events->on_done(server->owner, exchange->request);
    }
    exchange_give_back(&server->exchanges, exchange);
}

PRINTF_LIKE(2, 0)
static void log_library(void *cls, const char *format, va_list arguments)
{
    (void)cls;
    char text[512];
    (void)vsnprintf(text, sizeof(text), format, arguments);
    text[strcspn(text, "\n")] = '\0';
    log_event(LOG_DEBUG, "http_library", "detail=\"%s\"", text);
}

static struct MHD_Daemon *start_daemon(struct server *server, unsigned connections_max)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_access,
        server, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL, MHD_OPTION_LISTEN_SOCKET,
        server->listen_fd, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
        MHD_OPTION_NOTIFY_CONNECTION, connection_note, server, MHD_OPTION_URI_LOG_CALLBACK,
        on_target, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL,
        MHD_OPTION_CONNECTION_LIMIT, connections_max, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)CONNECTION_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_MEMORY_INCREMENT,
        (size_t)CONNECTION_MEMORY_STEP, MHD_OPTION_END);
}

struct server *server_new(const struct server_options *options, const struct server_events *events,
                          void *owner)
{
    struct server *server = memory_new(1, sizeof(*server));
    server->exchanges.gateway = options->gateway;
    server->events = events;
    server->owner = owner;
    server->listen_fd = dup(options->listen_fd);
    server->bodies_max = options->bodies_max;
    server->now_ms = options->now_ms;
    server->daemon = start_daemon(server, options->connections_max);
    if (server->daemon == NULL) {
        log_event(LOG_ERROR, "http_failed", "detail=\"libmicrohttpd does not start\"");
        close(server->listen_fd);
        free(server);
        return NULL;
    }
    server->epoll_fd = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return server;
}

void server_free(struct server *server)
{
    if (server == NULL) {
        return;
    }
    server_drain(server);
    MHD_stop_daemon(server->daemon);
    exchange_pool_clear(&server->exchanges);
    free(server);
}

static void resume(struct server *server, struct exchange *exchange)
{
    if (exchange->is_suspended) {
        exchange->is_suspended = false;
        server->has_resumed = true;
        MHD_resume_connection(exchange->connection);
    }
}

void server_respond(struct server *server, struct request *request)
{
    request->exchange->is_answered = true;
    resume(server, request->exchange);
}

/* False: there is too much before it. */
static bool make_room(struct stream *stream, size_t size)
{
    size_t rest = stream->size - stream->sent;
    if (rest > 0 && stream->sent > 0) {
        memmove(stream->data, stream->data + stream->sent, rest);
    }
    stream->size = rest;
    stream->sent = 0;
    if (size > STREAM_MAX - rest) {
        return false;
    }
    if (rest + size > stream->capacity) {
        stream->capacity = rest + size;
        stream->data = memory_grow(stream->data, stream->capacity);
    }
    return true;
}

bool server_stream_write(struct server *server, struct request *request, const char *data,
                         size_t size)
{
    struct stream *stream = request->exchange->stream;
    if (stream == NULL) {
        return true; /* its head is not out yet */
    }
    if (size > STREAM_MAX) {
        log_event(LOG_ERROR, "stream_too_large", "bytes=%zu most=%d", size, STREAM_MAX);
        return false;
    }
    if (!make_room(stream, size)) {
        return false;
    }
    memcpy(stream->data + stream->size, data, size);
    stream->size += size;
    resume(server, request->exchange);
    return true;
}

void server_stream_end(struct server *server, struct request *request)
{
    struct stream *stream = request->exchange->stream;
    if (stream != NULL) {
        stream->is_ended = true;
        resume(server, request->exchange);
    }
}

int server_fd(const struct server *server)
{
    return server->epoll_fd;
}

int server_timeout_ms(const struct server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms;
    if (server->has_resumed) {
        return 0;
    }
    if (MHD_get_timeout(server->daemon, &timeout_ms) != MHD_YES) {
        return -1;
    }
    return timeout_ms > 60000 ? 60000 : (int)timeout_ms;
}

void server_tick(struct server *server, int64_t now_ms)
{
    server->now_ms = now_ms;
    connections_end_late(server);
}

/* A client that sends faster than it is answered would keep a loop without bound going for ever. */
void server_run(struct server *server)
{
    int rounds = 0;
    do {
        server->has_resumed = false;
        (void)MHD_run(server->daemon);
    } while (++rounds < ROUNDS_MAX && server_timeout_ms(server) == 0);
}

void server_drain(struct server *server)
{
    if (!server->is_draining) {
        server->is_draining = true;
        (void)MHD_quiesce_daemon(server->daemon);
        close(server->listen_fd);
    }
}

size_t server_request_count(const struct server *server)
{
    return server->exchanges.used_count;
}

uint64_t server_progress(const struct server *server)
{
    return server->progress;
}

size_t server_connection_count(const struct server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info == NULL ? 0 : info->num_connections;
}
