/* Loopback sockets and hand-made frames. */

#include "fake_peer.h"

#include <arpa/inet.h>
#include <check.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool listen_on(struct fake_peer *peer, const char *host)
{
    bool is_v6 = host[0] == '[';
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *address = is_v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4;
    socklen_t size = is_v6 ? sizeof(v6) : sizeof(v4);
    peer->listener = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (peer->listener < 0 || bind(peer->listener, address, size) != 0) {
        return false;
    }
    ck_assert_int_eq(listen(peer->listener, 1), 0);
    ck_assert_int_eq(getsockname(peer->listener, address, &size), 0);
    snprintf(peer->url, sizeof(peer->url), "amqp://user:pass@%s:%d", host,
             ntohs(is_v6 ? v6.sin6_port : v4.sin_port));
    return true;
}

struct fake_peer *fake_peer_new(const char *host)
{
    struct fake_peer *peer = calloc(1, sizeof(*peer));
    peer->connection = -1;
    if (!listen_on(peer, host)) {
        free(peer);
        return NULL;
    }
    return peer;
}

void fake_peer_free(struct fake_peer *peer)
{
    fake_peer_hang_up(peer);
    close(peer->listener);
    free(peer);
}

bool fake_peer_accept(struct fake_peer *peer)
{
    if (peer->connection < 0) {
        peer->connection = accept4(peer->listener, NULL, NULL, SOCK_NONBLOCK);
    }
    return peer->connection >= 0;
}

void fake_peer_hang_up(struct fake_peer *peer)
{
    if (peer->connection >= 0) {
        close(peer->connection);
        peer->connection = -1;
    }
}

void fake_peer_read(struct fake_peer *peer)
{
    ssize_t size;
    while ((size = recv(peer->connection, peer->in, sizeof(peer->in), 0)) > 0) {
        peer->in_size = (size_t)size;
        peer->read_total += (size_t)size;
    }
}

void fake_peer_send(struct fake_peer *peer, size_t size)
{
    size = size < peer->out_size ? size : peer->out_size;
    ssize_t sent = send(peer->connection, peer->out, size, MSG_NOSIGNAL);
    ck_assert_int_eq(sent, (ssize_t)size);
    peer->out_size -= size;
    memmove(peer->out, peer->out + size, peer->out_size);
}

void fake_peer_add(struct fake_peer *peer, const void *data, size_t size)
{
    ck_assert_uint_le(peer->out_size + size, sizeof(peer->out));
    memcpy(peer->out + peer->out_size, data, size);
    peer->out_size += size;
}

void fake_peer_add_frame(struct fake_peer *peer, uint8_t type, uint16_t channel,
                         const void *payload, size_t size)
{
    const uint8_t head[] = {type,
                            (uint8_t)(channel >> 8),
                            (uint8_t)channel,
                            (uint8_t)(size >> 24),
                            (uint8_t)(size >> 16),
                            (uint8_t)(size >> 8),
                            (uint8_t)size};
    const uint8_t end = AMQP_FRAME_END;
    fake_peer_add(peer, head, sizeof(head));
    fake_peer_add(peer, payload, size);
    fake_peer_add(peer, &end, 1);
}

void fake_peer_add_method(struct fake_peer *peer, uint16_t channel, amqp_method_number_t method,
                          void *fields)
{
    char payload[4096] = {(char)(method >> 24), (char)(method >> 16), (char)(method >> 8),
                          (char)method};
    amqp_bytes_t room = {.bytes = payload + 4, .len = sizeof(payload) - 4};
    int size = amqp_encode_method(method, fields, room);
    ck_assert_int_ge(size, 0);
    fake_peer_add_frame(peer, AMQP_FRAME_METHOD, channel, payload, (size_t)size + 4);
}

void fake_peer_add_handshake(struct fake_peer *peer, uint16_t heartbeat_seconds)
{
    amqp_connection_start_t start = {
        .version_minor = 9,
        .mechanisms = amqp_cstring_bytes("PLAIN"),
        .locales = amqp_cstring_bytes("en_US"),
    };
    fake_peer_add_method(peer, 0, AMQP_CONNECTION_START_METHOD, &start);
    amqp_connection_tune_t tune = {
        .channel_max = 2047, .frame_max = 131072, .heartbeat = heartbeat_seconds};
    fake_peer_add_method(peer, 0, AMQP_CONNECTION_TUNE_METHOD, &tune);
    amqp_connection_open_ok_t open_ok = {0};
    fake_peer_add_method(peer, 0, AMQP_CONNECTION_OPEN_OK_METHOD, &open_ok);
    amqp_channel_open_ok_t channel_ok = {0};
    fake_peer_add_method(peer, 1, AMQP_CHANNEL_OPEN_OK_METHOD, &channel_ok);
    amqp_confirm_select_ok_t select_ok = {0};
    fake_peer_add_method(peer, 1, AMQP_CONFIRM_SELECT_OK_METHOD, &select_ok);
}

void fake_peer_add_heartbeat(struct fake_peer *peer)
{
    fake_peer_add_frame(peer, AMQP_FRAME_HEARTBEAT, 0, "", 0);
}

void fake_peer_add_delivery(struct fake_peer *peer, const char *queue, uint64_t tag,
                            const char *properties, size_t properties_size, const char *body,
                            uint64_t claimed_size)
{
    char consumer_tag[256];
    snprintf(consumer_tag, sizeof(consumer_tag), "0.%s", queue);
    amqp_basic_deliver_t deliver = {
        .consumer_tag = amqp_cstring_bytes(consumer_tag),
        .delivery_tag = tag,
        .routing_key = amqp_cstring_bytes(queue),
    };
    fake_peer_add_method(peer, 1, AMQP_BASIC_DELIVER_METHOD, &deliver);
    uint8_t header[4096] = {0, AMQP_BASIC_CLASS};
    for (int i = 0; i < 8; i++) {
        header[4 + i] = (uint8_t)(claimed_size >> (56 - 8 * i));
    }
    memcpy(header + 12, properties, properties_size);
    fake_peer_add_frame(peer, AMQP_FRAME_HEADER, 1, header, 12 + properties_size);
    if (strlen(body) > 0) {
        fake_peer_add_frame(peer, AMQP_FRAME_BODY, 1, body, strlen(body));
    }
}
