/* libmicrohttpd. */

#include "services/gateway/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/core/log.h"

enum {
    CONNECTION_MEMORY = 32 * 1024, /* bounds the request line and the headers */
    CONNECTION_MEMORY_STEP = 4 * 1024,
    CONNECTION_TIMEOUT_S = 30,
    BODY_DISCARDED_MAX = 8 * 1024 * 1024,
    SPARE_MAX = 256,
};

/* One request on its connection. */
struct exchange {
    struct request *request;
    struct MHD_Connection *connection;
    struct buffer body;
    char client_address[INET6_ADDRSTRLEN];
    bool has_head;
    bool is_body_kept;
    bool is_handed_over; /* on_request has been called */
    bool is_answered;
    bool is_suspended;
    struct exchange *next_spare;
};

struct server {
    struct MHD_Daemon *daemon;
    const struct gateway *gateway;
    const struct server_events *events;
    void *owner;
    int listen_fd;
    int epoll_fd;
    bool is_draining;
    size_t request_count;
    struct exchange *spare; /* to be used again */
    size_t spare_count;
};

static struct exchange *exchange_take(struct server *server)
{
    struct exchange *exchange = server->spare;
    if (exchange != NULL) {
        server->spare = exchange->next_spare;
        server->spare_count--;
    } else {
        exchange = malloc(sizeof(*exchange));
        if (exchange == NULL) {
            fputs("out of memory\n", stderr);
            abort();
        }
        exchange->request = request_new(server->gateway);
    }
    struct request *request = exchange->request;
    request_reset(request);
    *exchange = (struct exchange){.request = request};
    request->exchange = exchange;
    server->request_count++;
    return exchange;
}

static void exchange_give_back(struct server *server, struct exchange *exchange)
{
    server->request_count--;
    if (server->spare_count >= SPARE_MAX) {
        request_free(exchange->request);
        free(exchange);
        return;
    }
    exchange->next_spare = server->spare;
    server->spare = exchange;
    server->spare_count++;
}

/* The request line has come: `uri` as sent, with its query string. */
static void *on_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
    struct exchange *exchange = exchange_take(cls);
    struct http_request *http = &exchange->request->http;
    exchange->connection = connection;
    /* the absolute form, as sent to proxies: RFC 9112, section 3.2.2 */
    if (strncasecmp(uri, "http://", 7) == 0 || strncasecmp(uri, "https://", 8) == 0) {
        uri = strchr(uri, ':') + 3;
        uri += strcspn(uri, "/?");
    }
    size_t path_size = strcspn(uri, "?");
    http->path = path_size == 0 ? "/" : arena_copy(exchange->request->arena, uri, path_size);
    if (uri[path_size] == '?') {
        http->query = arena_strdup(exchange->request->arena, uri + path_size + 1);
    }
    return exchange;
}

/* The query string and the path are decoded by those who read them. */
static size_t leave_encoded(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

struct header_list {
    struct http_header *headers;
    size_t count;
    size_t capacity;
};

static enum MHD_Result collect_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                      size_t name_size, const char *value, size_t value_size)
{
    (void)kind;
    (void)value_size;
    struct header_list *list = cls;
    if (list->count < list->capacity) {
        list->headers[list->count++] = (struct http_header){
            .name = name, .name_size = name_size, .value = value == NULL ? "" : value};
    }
    return MHD_YES;
}

static void collect_headers(struct exchange *exchange)
{
    struct request *request = exchange->request;
    int count = MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, NULL, NULL);
    struct header_list list = {.capacity = count < 0 ? 0 : (size_t)count};
    list.headers = arena_alloc_raw(request->arena, list.capacity * sizeof(*list.headers));
    (void)MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, collect_header, &list);
    request->http.headers = list.headers;
    request->http.header_count = list.count;
}

static const char *client_address(struct exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info == NULL || info->client_addr == NULL) {
        return NULL;
    }
    const void *bytes = NULL;
    int family = info->client_addr->sa_family;
    if (family == AF_INET) {
        bytes = &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr;
    } else if (family == AF_INET6) {
        const struct in6_addr *address =
            &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr;
        bool is_mapped = IN6_IS_ADDR_V4MAPPED(address);
        bytes = is_mapped ? (const void *)&address->s6_addr[12] : address;
        family = is_mapped ? AF_INET : AF_INET6;
    }
    return bytes == NULL ? NULL
                         : inet_ntop(family, bytes, exchange->client_address,
                                     sizeof(exchange->client_address));
}

static unsigned long long announced_size(const struct request *request)
{
    const char *text = http_request_header(&request->http, "Content-Length");
    return text == NULL ? 0 : strtoull(text, NULL, 10);
}

static enum MHD_Result send_response(const struct server *server, const struct exchange *exchange)
{
    const struct http_response *from = &exchange->request->response;
    /* the body stays until on_completed: the arena's, and never written to */
    struct MHD_Response *response = MHD_create_response_from_buffer(
        from->body_size, (void *)(uintptr_t)from->body, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        return MHD_NO;
    }
    enum MHD_Result result = MHD_YES;
    for (size_t i = 0; i < from->header_count && result == MHD_YES; i++) {
        result = MHD_add_response_header(response, from->headers[i].name, from->headers[i].value);
    }
    if (server->is_draining && result == MHD_YES) {
        result = MHD_add_response_header(response, "Connection", "close");
    }
    if (result == MHD_YES) {
        result = MHD_queue_response(exchange->connection, (unsigned)from->status, response);
    }
    MHD_destroy_response(response);
    return result;
}

/* Hand the whole request over; the answer may be there at once. */
static enum MHD_Result hand_over(struct server *server, struct exchange *exchange)
{
    exchange->is_handed_over = true;
    server->events->on_request(server->owner, exchange->request);
    if (exchange->is_answered) {
        return send_response(server, exchange);
    }
    MHD_suspend_connection(exchange->connection);
    exchange->is_suspended = true;
    return MHD_YES;
}

static enum MHD_Result take_head(struct server *server, struct exchange *exchange,
                                 const char *method)
{
    struct request *request = exchange->request;
    exchange->has_head = true;
    request->http.method = arena_strdup(request->arena, method);
    collect_headers(exchange);
    request->http.client_address = client_address(exchange);
    exchange->is_body_kept = server->events->on_head(server->owner, request);

    unsigned long long size = announced_size(request);
    bool is_refused = !exchange->is_body_kept || size > REQUEST_BODY_MAX;
    bool is_waiting = http_request_header(&request->http, "Expect") != NULL;
    if (size > BODY_DISCARDED_MAX || (is_refused && is_waiting && size > 0)) {
        request->http.body_size = (size_t)size;
        return hand_over(server, exchange);
    }
    buffer_init(&exchange->body, request->arena);
    if (size > 0 && !is_refused) {
        (void)buffer_reserve(&exchange->body, (size_t)size);
    }
    return MHD_YES;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *data, size_t *size)
{
    struct http_request *http = &exchange->request->http;
    http->body_size += *size;
    if (http->body_size > BODY_DISCARDED_MAX) {
        return MHD_NO;
    }
    if (exchange->is_body_kept && http->body_size <= REQUEST_BODY_MAX) {
        buffer_append(&exchange->body, data, *size);
    }
    *size = 0;
    return MHD_YES;
}

static enum MHD_Result on_access(void *cls, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *upload_data,
                                 size_t *upload_data_size, void **con_cls)
{
    (void)connection;
    (void)url;
    (void)version;
    struct server *server = cls;
    struct exchange *exchange = *con_cls;
    if (!exchange->has_head) {
        return take_head(server, exchange, method);
    }
    if (*upload_data_size > 0) {
        return take_body(exchange, upload_data, upload_data_size);
    }
    if (exchange->is_answered) {
        return send_response(server, exchange);
    }
    if (exchange->is_handed_over) {
        return MHD_YES;
    }
    exchange->request->http.body = exchange->body.data;
    return hand_over(server, exchange);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
                         enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    struct server *server = cls;
    struct exchange *exchange = *con_cls;
    if (exchange == NULL) {
        return;
    }
    *con_cls = NULL;
    if (exchange->has_head) {
        server->events->on_done(server->owner, exchange->request);
    }
    exchange_give_back(server, exchange);
}

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
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded,
        NULL, MHD_OPTION_CONNECTION_LIMIT, connections_max, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)CONNECTION_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_MEMORY_INCREMENT,
        (size_t)CONNECTION_MEMORY_STEP, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

struct server *server_new(const struct server_options *options, const struct server_events *events,
                          void *owner)
{
    struct server *server = calloc(1, sizeof(*server));
    if (server == NULL) {
        fputs("out of memory\n", stderr);
        abort();
    }
    server->gateway = options->gateway;
    server->events = events;
    server->owner = owner;
    server->listen_fd = dup(options->listen_fd);
    server->daemon = start_daemon(server, options->connections_max);
    if (server->daemon == NULL) {
        log_event(LOG_ERROR, "http_failed", "detail=\"libmicrohttpd does not start\"");
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
    close(server->listen_fd);
    while (server->spare != NULL) {
        struct exchange *exchange = server->spare;
        server->spare = exchange->next_spare;
        request_free(exchange->request);
        free(exchange);
    }
    free(server);
}

void server_respond(struct server *server, struct request *request)
{
    (void)server;
    struct exchange *exchange = request->exchange;
    exchange->is_answered = true;
    if (exchange->is_suspended) {
        exchange->is_suspended = false;
        MHD_resume_connection(exchange->connection);
    }
}

int server_fd(const struct server *server)
{
    return server->epoll_fd;
}

int server_timeout_ms(const struct server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms;
    if (MHD_get_timeout(server->daemon, &timeout_ms) != MHD_YES) {
        return -1;
    }
    return timeout_ms > 60000 ? 60000 : (int)timeout_ms;
}

void server_run(struct server *server)
{
    do {
        (void)MHD_run(server->daemon);
    } while (server_timeout_ms(server) == 0);
}

void server_drain(struct server *server)
{
    if (!server->is_draining) {
        server->is_draining = true;
        (void)MHD_quiesce_daemon(server->daemon);
    }
}

size_t server_request_count(const struct server *server)
{
    return server->request_count;
}

size_t server_connection_count(const struct server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info == NULL ? 0 : info->num_connections;
}
