/*
 * HTTP for one loop: libmicrohttpd with an epoll of its own, driven from outside. The only file
 * that knows the library. It turns connections into requests and responses; a connection whose
 * answer is awaited is suspended. Nothing here blocks. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "services/gateway/request.h"

struct server;

struct server_events {
    /* The headers are there. False: the body is of no interest and is thrown away as it comes. */
    bool (*on_head)(void *owner, struct request *request);
    /* The body, too. Answer with server_respond, now or later. */
    void (*on_request)(void *owner, struct request *request);
    /* The response has been sent, or the client is gone. The request must not be used any more. */
    void (*on_done)(void *owner, struct request *request);
};

struct server_options {
    const struct gateway *gateway;
    int listen_fd; /* shared with others; duplicated */
    unsigned connections_max;
    size_t bodies_max; /* bytes of all bodies that are kept at a time; more: ERR_UNAVAILABLE */
    int64_t now_ms;    /* monotonic */
};

/* Owned. NULL: the library could not start; the reason is logged. */
struct server *server_new(const struct server_options *options, const struct server_events *events,
                          void *owner);
/* All requests must have been answered. */
void server_free(struct server *server);

/* The request's response is ready: request->response. */
void server_respond(struct server *server, struct request *request);

/*
 * The body of a response that is_stream, once server_respond has been called: a piece of it. False:
 * the client does not keep up, and nothing is written.
 */
MUST_CHECK bool server_stream_write(struct server *server, struct request *request,
                                    const char *data, size_t size);
/* Its end. */
void server_stream_end(struct server *server, struct request *request);

/*
 * To be called at least once a second. It ends the connections whose request does not come: a head
 * has a minute from the end of what was before, a body a minute from its head and a second for each
 * 16 kB of it.
 */
void server_tick(struct server *server, int64_t now_ms);
/* Readable when there is work for server_run. */
int server_fd(const struct server *server);
/* In how many ms server_run must be called at the latest; -1: not before server_fd is readable. */
int server_timeout_ms(const struct server *server);
/* Do what can be done now, or a good part of it: server_timeout_ms is 0 when there is more. */
void server_run(struct server *server);

/* Take no new connections, and close each after its next response. The listening socket stays as it
 * is. */
void server_drain(struct server *server);
/* Requests that have begun to come and are not done. */
size_t server_request_count(const struct server *server);
/* Grows with each step that any request takes. */
uint64_t server_progress(const struct server *server);
size_t server_connection_count(const struct server *server);
