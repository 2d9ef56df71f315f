/* A bus and the peer it is connected to. */

#include "peer_fixture.h"

#include <string.h>

#include "common/bus/amqp_bus.h"

struct fake_peer *peer;
struct client *client;

void open_bus(const char *url, unsigned heartbeat_seconds, unsigned connect_timeout_ms)
{
    const struct amqp_bus_options options = {
        .url = url,
        .connection_name = "client",
        .heartbeat_seconds = heartbeat_seconds,
        .has_confirms = true,
        .connect_timeout_ms = connect_timeout_ms,
    };
    client->bus = amqp_bus_new(&options, &client_events, client);
}

void peer_set_up(void)
{
    peer = fake_peer_new("127.0.0.1");
    client = client_new("client");
}

void peer_tear_down(void)
{
    client_free(client);
    fake_peer_free(peer);
}

void connect_with(unsigned heartbeat_seconds)
{
    open_bus(peer->url, heartbeat_seconds, CONNECT_TIMEOUT_MS);
    await(client, NULL, fake_peer_accept(peer));
}

void come_up(unsigned heartbeat_seconds)
{
    connect_with(heartbeat_seconds);
    fake_peer_add_handshake(peer, (uint16_t)heartbeat_seconds);
    fake_peer_send(peer, SIZE_MAX);
    await(client, NULL, bus_is_up(client->bus));
}

int64_t time_to_down(bool is_alive)
{
    int64_t start_ms = clock_monotonic_ms();
    int64_t beat_ms = start_ms;
    while (client->downs == 0) {
        if (is_alive && clock_monotonic_ms() - beat_ms > 300) {
            fake_peer_add_heartbeat(peer);
            fake_peer_send(peer, SIZE_MAX);
            beat_ms = clock_monotonic_ms();
        }
        bus_poll(client->bus, 50);
        ck_assert_int_lt(clock_monotonic_ms() - start_ms, CLIENT_WAIT_MS);
    }
    return clock_monotonic_ms() - start_ms;
}

void expect_down(bool is_by_peer, const char *reason)
{
    ck_assert_uint_eq(client->downs, 1);
    ck_assert_msg(strstr(client->down_reason, reason) != NULL, "%s", client->down_reason);
    ck_assert_int_eq(client->is_down_by_peer, is_by_peer);
    ck_assert(!bus_is_up(client->bus));
}
