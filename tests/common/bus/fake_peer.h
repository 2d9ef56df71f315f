/*
 * A peer on loopback that speaks as much AMQP as a test lets it: it listens on a port of its own,
 * takes one connection at a time, and sends exactly what it is told to. It reads (and throws away)
 * only when told.
 */
#pragma once

#include <amqp.h>
#include <amqp_framing.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fake_peer {
    int listener;
    int connection; /* -1: none */
    char url[64];
    char out[512 * 1024]; /* what fake_peer_add_* put together */
    size_t out_size;
    char in[64 * 1024]; /* the last bytes read */
    size_t in_size;
    size_t read_total;
};

/* `host` is "127.0.0.1" or "[::1]". NULL: this machine has no such address. */
struct fake_peer *fake_peer_new(const char *host);
void fake_peer_free(struct fake_peer *peer);

/* Take a connection if one waits. */
bool fake_peer_accept(struct fake_peer *peer);
void fake_peer_hang_up(struct fake_peer *peer);
/* Read what has come. */
void fake_peer_read(struct fake_peer *peer);
/* Send the first `size` bytes of `out` (all: SIZE_MAX), and forget them. */
void fake_peer_send(struct fake_peer *peer, size_t size);

/* Append to `out`. */
void fake_peer_add(struct fake_peer *peer, const void *data, size_t size);
void fake_peer_add_frame(struct fake_peer *peer, uint8_t type, uint16_t channel,
                         const void *payload, size_t size);
void fake_peer_add_method(struct fake_peer *peer, uint16_t channel, amqp_method_number_t method,
                          void *fields);
/* start, tune (with this heartbeat), open-ok, channel.open-ok, confirm.select-ok: that is up. */
void fake_peer_add_handshake(struct fake_peer *peer, uint16_t heartbeat_seconds);
void fake_peer_add_heartbeat(struct fake_peer *peer);
/* A delivery for consumer 0 of `queue` with this body; the claimed body size may differ from it. */
void fake_peer_add_delivery(struct fake_peer *peer, const char *queue, uint64_t tag,
                            const char *properties, size_t properties_size, const char *body,
                            uint64_t claimed_size);
