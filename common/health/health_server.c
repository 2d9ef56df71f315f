/* libmicrohttpd with a thread of its own. */

#include "common/health/health_server.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/core/arena.h"
#include "common/core/log.h"
#include "common/core/memory.h"
#include "common/core/settings.h"
#include "common/health/exposition.h"

enum {
    CONNECTIONS_MAX = 8,
    CONNECTION_TIMEOUT_S = 5,
    CONNECTION_MEMORY = 8 * 1024,
    STACK_SIZE = 256 * 1024,
    BACKLOG = 8,
};

struct health_server {
    const struct health_source *source;
    struct MHD_Daemon *daemon;
    char address[LISTENER_ADDRESS_SIZE];
};

struct answer {
    unsigned status;
    const char *content_type;
    const char *text;
    size_t size;
};

static struct answer verdict(bool is_well)
{
    const char *text = is_well ? "ok\n" : "failing\n";
    return (struct answer){.status = is_well ? 200 : 503,
                           .content_type = "text/plain; charset=utf-8",
                           .text = text,
                           .size = strlen(text)};
}

static struct answer refusal(unsigned status, const char *text)
{
    return (struct answer){.status = status,
                           .content_type = "text/plain; charset=utf-8",
                           .text = text,
                           .size = strlen(text)};
}

static struct answer answer_of(const struct health_source *source, const char *method,
                               const char *path, struct buffer *buffer)
{
    bool is_metrics = strcmp(path, "/metrics") == 0;
    if (!is_metrics && strcmp(path, "/healthz") != 0 && strcmp(path, "/readyz") != 0) {
        return refusal(404, "There are /healthz, /readyz and /metrics.\n");
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        return refusal(405, "The methods here are GET and HEAD.\n");
    }
    if (!is_metrics) {
        bool is_readyz = strcmp(path, "/readyz") == 0;
        return verdict(is_readyz ? source->is_ready(source->owner)
                                 : source->is_alive(source->owner));
    }
    source->write_metrics(source->owner, buffer);
    return (struct answer){.status = 200,
                           .content_type = EXPOSITION_CONTENT_TYPE,
                           .text = buffer->data,
                           .size = buffer->size};
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, const struct answer *answer)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->size, (void *)(uintptr_t)answer->text, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) {
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, "Content-Type", answer->content_type);
    (void)MHD_add_response_header(response, "Cache-Control", "no-store");
    (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (answer->status == 405) {
        (void)MHD_add_response_header(response, "Allow", "GET, HEAD");
    }
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

/* The first call of a request: its headers are there. A body is of no interest: it comes to nothing
 * but the end of the connection. */
static enum MHD_Result on_access(void *cls, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *upload_data,
                                 size_t *upload_data_size, void **con_cls)
{
    (void)version;
    (void)upload_data;
    (void)upload_data_size;
    (void)con_cls;
    const struct health_server *server = cls;
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct buffer buffer;
    buffer_init(&buffer, arena);
    const struct answer answer = answer_of(server->source, method, url, &buffer);
    return send_answer(connection, &answer);
}

PRINTF_LIKE(2, 0)
static void log_library(void *cls, const char *format, va_list arguments)
{
    (void)cls;
    char text[256];
    (void)vsnprintf(text, sizeof(text), format, arguments);
    text[strcspn(text, "\n")] = '\0';
    log_event(LOG_DEBUG, "http_library", "detail=\"%s\"", text);
}

static _Noreturn void refuse_address(const char *address, const char *reason)
{
    (void)fprintf(stderr, "HEALTH_LISTEN: cannot listen on \"%s\": %s\n", address, reason);
    exit(EXIT_CONFIGURATION);
}

struct health_server *health_server_start(const char *address, const struct health_source *source)
{
    const char *reason;
    if (address[0] == '\0') {
        return NULL;
    }
    int fd = listener_open(address, BACKLOG, &reason);
    if (fd < 0) {
        refuse_address(address, reason);
    }
    struct health_server *server = memory_new(1, sizeof(*server));
    server->source = source;
    server->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        on_access, server, MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL, MHD_OPTION_LISTEN_SOCKET,
        fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)CONNECTION_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_SIZE,
        MHD_OPTION_END);
    if (server->daemon == NULL) {
        refuse_address(address, "its thread does not start");
    }
    listener_address(fd, server->address);
    log_event(LOG_INFO, "health_listening", "address=%s", server->address);
    return server;
}

void health_server_address(const struct health_server *server, char ret[LISTENER_ADDRESS_SIZE])
{
    memcpy(ret, server->address, LISTENER_ADDRESS_SIZE);
}

void health_server_stop(struct health_server *server)
{
    if (server != NULL) {
        MHD_stop_daemon(server->daemon);
        free(server);
    }
}
