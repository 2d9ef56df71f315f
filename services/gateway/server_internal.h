/* What the parts of the server share. Internal: server.c and server_*.c. */
#pragma once

#include <microhttpd.h>
#include <netinet/in.h>

#include "common/core/buffer.h"
#include "services/gateway/server.h"

enum { STREAM_MAX = 512 * 1024 };

/* What is written and not sent yet: no more than STREAM_MAX, so that who does not read holds no
 * more.
 */
struct stream {
    char *data;
    size_t size;
    size_t sent;
    size_t capacity;
    bool is_ended;
};

/* One request on its connection. */
struct exchange {
    struct request *request;
    struct MHD_Connection *connection;
    struct buffer body;
    char client_address[PROXIES_ADDRESS_SIZE];
    int64_t head_ms; /* when it had come */
    bool has_head;
    bool is_body_kept;
    bool is_handed_over; /* on_request has been called */
    bool is_answered;
    bool is_answered_midway; /* in the middle of a body without end */
    bool is_suspended;
    struct stream *stream; /* of a response without a body of its own; or NULL */
    struct exchange *next_spare;
};

/* Exchanges that are not in use, to be used again. */
struct exchange_pool {
    const struct gateway *gateway;
    struct exchange *spare;
    size_t spare_count;
    size_t used_count;
};

/* An open connection. */
struct connection {
    struct MHD_Connection *connection;
    int64_t end_ms; /* by when its request must have come; 0: nothing has to come */
    struct connection *previous;
    struct connection *next;
};

struct server {
    struct MHD_Daemon *daemon;
    const struct server_events *events;
    void *owner;
    int listen_fd;
    int epoll_fd;
    bool is_draining;
    bool has_resumed; /* connections that the library does not count in its time-out */
    uint64_t progress;
    size_t bodies_max;
    size_t bodies_size; /* of the bodies that are kept */
    int64_t now_ms;
    int64_t looked_ms; /* for connections that are late */
    struct connection *connections;
    struct exchange_pool exchanges;
};

/* The library's news of connections that begin and end. */
void connection_note(void *cls, struct MHD_Connection *connection, void **context,
                     enum MHD_ConnectionNotificationCode code);
/* The head of the next request has to come; … */
void connection_await_head(struct server *server, struct MHD_Connection *connection);
/* … the rest of a body, of which so much has come; … */
void connection_extend(const struct exchange *exchange);
/* … nothing: it is our turn. */
void connection_rest(struct MHD_Connection *connection);
/* End those whose request should have come by now; they are looked for once a second. */
void connections_end_late(struct server *server);

/* Give the library the response of an exchange. */
MUST_CHECK enum MHD_Result server_send_response(const struct server *server,
                                                struct exchange *exchange);

/* A new exchange; it goes back with exchange_give_back. */
struct exchange *exchange_take(struct exchange_pool *pool, struct MHD_Connection *connection);
void exchange_give_back(struct exchange_pool *pool, struct exchange *exchange);
void exchange_pool_clear(struct exchange_pool *pool);

/* Fill in path and query string from the target of the request line. */
void exchange_set_target(struct exchange *exchange, const char *target);
/* Fill in method, headers and the client's address. They last as long as the request. */
void exchange_set_head(struct exchange *exchange, const char *method, const char *version);
/* Write the response to the socket as far as it goes, past the library; the connection must end
 * after it. */
void exchange_write_response(struct exchange *exchange);
/* What Content-Length says; 0: nothing. */
uint64_t exchange_announced_size(const struct exchange *exchange);
