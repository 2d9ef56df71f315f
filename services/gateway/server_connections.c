/*
 * How long a request may take to come. The library ends connections on which nothing moves; one on
 * which a byte comes now and then would last for ever, and hold a place that others need.
 */

#include "services/gateway/server_internal.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "common/core/memory.h"

enum {
    HEAD_MS = 60 * 1000, /* from the connection's beginning, or the end of what was before */
    BODY_MS = 60 * 1000, /* and more, the more has come */
    BODY_BYTES_A_MS = 16,
    LOOK_MS = 1000,
};

static struct connection *find(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static void set_end(struct MHD_Connection *connection, int64_t end_ms)
{
    struct connection *found = find(connection);
    if (found != NULL) {
        found->end_ms = end_ms;
    }
}

static struct connection *add(struct server *server, struct MHD_Connection *connection)
{
    struct connection *added = memory_new(1, sizeof(*added));
    added->connection = connection;
    added->end_ms = server->now_ms + HEAD_MS;
    added->next = server->connections;
    if (added->next != NULL) {
        added->next->previous = added;
    }
    server->connections = added;
    return added;
}

static void remove_connection(struct server *server, struct connection *gone)
{
    if (gone->previous == NULL) {
        server->connections = gone->next;
    } else {
        gone->previous->next = gone->next;
    }
    if (gone->next != NULL) {
        gone->next->previous = gone->previous;
    }
    free(gone);
}

void connection_note(void *cls, struct MHD_Connection *connection, void **context,
                     enum MHD_ConnectionNotificationCode code)
{
    struct server *server = cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = add(server, connection);
        return;
    }
    if (*context != NULL) {
        remove_connection(server, *context);
        *context = NULL;
    }
}

void connection_await_head(struct server *server, struct MHD_Connection *connection)
{
    set_end(connection, server->now_ms + HEAD_MS);
}

void connection_extend(const struct exchange *exchange)
{
    int64_t rest_ms = (int64_t)(exchange->request->http.body_size / BODY_BYTES_A_MS);
    set_end(exchange->connection, exchange->head_ms + BODY_MS + rest_ms);
}

void connection_rest(struct MHD_Connection *connection)
{
    set_end(connection, 0);
}

/* The library finds that nothing more comes, and ends the connection and the request on it. */
static void end(const struct connection *late)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(late->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info != NULL) {
        (void)shutdown(info->connect_fd, SHUT_RDWR);
    }
}

void connections_end_late(struct server *server)
{
    if (server->now_ms - server->looked_ms < LOOK_MS) {
        return;
    }
    server->looked_ms = server->now_ms;
    for (struct connection *each = server->connections; each != NULL; each = each->next) {
        if (each->end_ms != 0 && each->end_ms <= server->now_ms) {
            each->end_ms = 0;
            end(each);
        }
    }
}
