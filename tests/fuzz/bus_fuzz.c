/*
 * Bytes from the broker into an AMQP connection that is up, with consumers, a reply queue,
 * publications to confirm and questions open. The first byte chooses: an even one sends the rest as
 * it is; an odd one takes it as frames (type and channel in one byte, size in two, payload), given
 * their proper head and end, so that the fuzzer gets past the framing.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/bus/amqp_internal.h"

enum { CHUNK = 32 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t sink;

static void read_text(const char *text)
{
    sink += text == NULL ? 0 : strlen(text);
}

static void on_delivery(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    (void)owner;
    const struct bus_message *message = &delivery->message;
    read_text(message->exchange);
    read_text(message->routing_key);
    read_text(message->type);
    read_text(message->content_type);
    read_text(message->message_id);
    read_text(message->correlation_id);
    read_text(message->reply_to);
    read_text(message->expiration);
    read_text(delivery->queue);
    for (size_t i = 0; i < message->header_count; i++) {
        read_text(message->headers[i].name);
        read_text(message->headers[i].kind == BUS_TEXT ? message->headers[i].text : NULL);
    }
    for (size_t i = 0; i < message->body_size; i++) {
        sink += ((const uint8_t *)message->body)[i];
    }
    struct bus_message reply = {.exchange = "",
                                .routing_key = message->reply_to == NULL ? "" : message->reply_to,
                                .correlation_id = message->correlation_id,
                                .message_id = message->message_id,
                                .headers = message->headers,
                                .header_count = message->header_count,
                                .body = message->body,
                                .body_size = message->body_size,
                                .is_mandatory = true};
    if (!bus_publish(bus, &reply, NULL)) {
        bus_requeue(bus, delivery->tag);
    }
    bus_ack(bus, delivery->tag, true);
}

static void on_text(void *owner, struct bus *bus, const char *text)
{
    (void)owner;
    (void)bus;
    read_text(text);
}

static void on_down(void *owner, struct bus *bus, const char *reason, bool is_by_peer)
{
    (void)owner;
    (void)bus;
    (void)is_by_peer;
    read_text(reason);
}

static void on_consumer_count(void *owner, struct bus *bus, const char *queue, int64_t consumers,
                              int64_t messages)
{
    (void)owner;
    (void)consumers;
    (void)messages;
    bus_count_consumers(bus, queue);
}

static struct bus *bus_that_is_up(int fd)
{
    const struct amqp_bus_options options = {
        .url = "amqp://127.0.0.1",
        .connection_name = "fuzz",
        .heartbeat_seconds = 60,
        .has_confirms = true,
    };
    const struct bus_events events = {.on_delivery = on_delivery,
                                      .on_down = on_down,
                                      .on_blocked = on_text,
                                      .on_cancelled = on_text,
                                      .on_consumer_count = on_consumer_count};
    struct bus *bus = amqp_bus_new(&options, &events, NULL);
    struct amqp_bus *amqp = (struct amqp_bus *)bus;
    amqp_connection_adopt(amqp, fd);
    amqp->state = AMQP_UP;
    bus_add_consumer(bus, "query.one", 10);
    bus_add_consumer(bus, "query.two", 10);
    bus_add_reply_queue(bus, 0);
    bus_count_consumers(bus, "query.one");
    bus_count_consumers(bus, "query.two");
    const struct bus_message message = {
        .exchange = "x", .routing_key = "k", .message_id = "id", .is_mandatory = true};
    for (int i = 0; i < 4; i++) {
        sink += bus_publish(bus, &message, NULL) ? 1 : 0;
    }
    return bus;
}

/* Make frames of the description; returns how many bytes they have. */
static size_t make_frames(const uint8_t *data, size_t size, uint8_t *frames, size_t room)
{
    static const uint8_t types[] = {AMQP_FRAME_METHOD, AMQP_FRAME_HEADER, AMQP_FRAME_BODY,
                                    AMQP_FRAME_HEARTBEAT};
    size_t made = 0;
    while (size >= 3) {
        size_t payload = (size_t)data[1] << 8 | data[2];
        payload = payload < size - 3 ? payload : size - 3;
        if (made + payload + FRAME_OVERHEAD > room) {
            break;
        }
        memcpy(frames + made + FRAME_HEADER, data + 3, payload);
        amqp_frame_seal((char *)frames + made, types[data[0] & 3], data[0] >> 2 & 3, payload);
        made += payload + FRAME_OVERHEAD;
        data += 3 + payload;
        size -= 3 + payload;
    }
    return made;
}

static void feed(struct bus *bus, int fd, const uint8_t *data, size_t size)
{
    while (size > 0) {
        size_t chunk = size < CHUNK ? size : CHUNK;
        if (send(fd, data, chunk, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)chunk) {
            return; /* the bus has hung up */
        }
        bus_process(bus);
        char answer[CHUNK];
        while (recv(fd, answer, sizeof(answer), MSG_DONTWAIT) > 0) {
        }
        data += chunk;
        size -= chunk;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t frames[1024 * 1024];
    int fds[2];
    if (size == 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) != 0) {
        return 0;
    }
    struct bus *bus = bus_that_is_up(fds[0]);
    if (data[0] % 2 == 0) {
        feed(bus, fds[1], data + 1, size - 1);
    } else {
        feed(bus, fds[1], frames, make_frames(data + 1, size - 1, frames, sizeof(frames)));
    }
    close(fds[1]);
    bus_process(bus);
    bus_free(bus);
    return 0;
}
