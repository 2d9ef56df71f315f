/*
 * The port of a process for those who look after it: GET and HEAD of `/healthz` (is it alive?),
 * `/readyz` (can it serve?) and `/metrics` (Prometheus), on a small thread of its own:
 * libmicrohttpd with a handful of connections, so that it can be asked whatever else the process
 * does. It holds nobody up, and nothing in it waits for the process.
 */
#pragma once

#include <stdbool.h>

#include "common/core/buffer.h"
#include "common/http/listener.h"

/* What it tells. Called on its thread: reads atomics and what is const, and never blocks. */
struct health_source {
    void *owner;
    bool (*is_alive)(void *owner);
    bool (*is_ready)(void *owner);
    void (*write_metrics)(void *owner, struct buffer *buffer);
};

struct health_server;

/*
 * Listen on `address` (host:port; port 0: any that is free), told in the log as `health_listening`.
 * "": no port, and NULL. An address that cannot be had: one line on standard error and exit status
 * 78. To be called with signals blocked: the thread inherits the mask. Owned. `source` is borrowed.
 */
struct health_server *health_server_start(const char *address, const struct health_source *source);
/* Where it listens. */
void health_server_address(const struct health_server *server, char ret[LISTENER_ADDRESS_SIZE]);
/* Stops listening, and ends its thread. NULL is fine. */
void health_server_stop(struct health_server *server);
