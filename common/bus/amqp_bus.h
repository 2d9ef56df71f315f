/*
 * The bus over AMQP 0-9-1. librabbitmq encodes and decodes the frames; the socket is ours,
 * non-blocking, so that no call waits for the broker (docs/decisions/003-own-amqp-io.md): several
 * publications and acks leave in one write, heartbeats flow both ways as long as the owner's loop
 * runs, and a broker that reads nothing costs a full buffer and not a stuck thread.
 */
#pragma once

#include <stdint.h>

#include "common/bus/bus.h"
#include "common/bus/topology.h"

struct amqp_bus_options {
    const char *url; /* amqp://user:password@host:port/vhost (percent-encoded); borrowed for the
                        bus's life */
    const char *connection_name;     /* shown by the broker: "gateway 1234 publish" */
    const struct topology *topology; /* borrowed; NULL: declare nothing */
    unsigned heartbeat_seconds;      /* a peer silent for two of them is dead */
    bool has_confirms;               /* publisher confirms on */
    unsigned connect_timeout_ms;     /* for name look-up, connect and handshake together; 0: 5000 */
};

/* Is the URL well-formed and of a scheme we speak? For the check of settings. */
bool amqp_url_is_valid(const char *url);

/* A bus that begins to connect at its first poll; owned. The URL must be valid. */
struct bus *amqp_bus_new(const struct amqp_bus_options *options, const struct bus_events *events,
                         void *owner);
