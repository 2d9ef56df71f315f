/* The ordinary world of the tests with a fake peer: it listens, and a bus is about to connect to
 * it. */
#pragma once

#include "bus_client.h"
#include "fake_peer.h"

enum { CONNECT_TIMEOUT_MS = 3000, NO_HEARTBEAT = 600 };

extern struct fake_peer *peer;
extern struct client *client;

void peer_set_up(void);
void peer_tear_down(void);

/* Give the client its bus. */
void open_bus(const char *url, unsigned heartbeat_seconds, unsigned connect_timeout_ms);
/* … to the peer, which takes the connection. */
void connect_with(unsigned heartbeat_seconds);
/* … and says all that makes the bus come up. */
void come_up(unsigned heartbeat_seconds);

/* Milliseconds until the bus goes down; `is_alive`: the peer sends heartbeats meanwhile. */
int64_t time_to_down(bool is_alive);
/* It has gone down once, for this reason. */
void expect_down(bool is_by_peer, const char *reason);
