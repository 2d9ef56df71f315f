/*
 * What the files of the AMQP bus share; nobody else includes it (but the fuzz target). The way of a
 * byte:
 *
 *   in:  amqp_io (recv) -> amqp_input (frames -> methods) -> amqp_handshake | amqp_channel |
 * amqp_content -> owner out: owner -> amqp_publish | amqp_output (methods -> frames) -> amqp_io
 * (send)
 *
 * amqp_connection moves between the states, amqp_bus.c holds it together. Whoever finds the
 * connection beyond repair calls amqp_fail and returns; every loop over input checks
 * amqp_is_connected after each frame.
 */
#pragma once

#include <amqp.h>
#include <amqp_framing.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bus/amqp_bus.h"
#include "common/bus/amqp_resolver.h"
#include "common/bus/amqp_url.h"
#include "common/bus/bus.h"

enum {
    FRAME_OVERHEAD = 8,             /* type, channel, size; end */
    FRAME_HEADER = 7,               /* of these, before the payload */
    FRAME_MAX = 128 * 1024,         /* ours; the broker may ask for less */
    INPUT_CAPACITY = 2 * FRAME_MAX, /* a whole frame always fits */
    OUTPUT_MAX = 8 * 1024 * 1024,   /* publications beyond are refused */
    METHOD_ROOM = 8 * 1024,         /* no method we send is longer */
    KEPT_CAPACITY = 256 * 1024,     /* buffers grown beyond shrink again when empty */
    HEADER_TEXT_MAX = 8 * 1024,     /* a header's text beyond comes as BUS_OTHER */
    CHANNEL_CONNECTION = 0,
    CHANNEL_MAIN = 1,
    CHANNEL_COUNTS = 2,
};

/* In the order in which a connection passes through them. */
enum amqp_state {
    AMQP_WAITING,     /* until retry_ms */
    AMQP_RESOLVING,   /* the name */
    AMQP_CONNECTING,  /* TCP */
    AMQP_AWAIT_START, /* protocol header sent */
    AMQP_AWAIT_TUNE,  /* credentials sent */
    AMQP_AWAIT_OPEN,  /* virtual host named */
    AMQP_SETTING_UP,  /* channel, confirms, topology */
    AMQP_UP,
    AMQP_CLOSED, /* for good, by bus_close */
};

/* Bytes from start to end are waiting. */
struct bus_buffer {
    char *data;
    size_t start;
    size_t end;
    size_t capacity;
};

struct amqp_consumer {
    const char *queue;
    unsigned prefetch;
    bool is_cancelled;
};

/* A publication waiting for its confirm; `key` tells mandatory ones by exchange, routing key and
 * message id; 0: not mandatory. */
struct amqp_publication {
    uint64_t key;
    bool is_settled;
    bool is_returned;
};

/* Ring of publications: the one with delivery tag `first_tag` is at `first`. */
struct amqp_confirms {
    struct amqp_publication *ring;
    size_t capacity; /* a power of two */
    size_t first;
    size_t count;
    uint64_t first_tag;
};

/* A delivery or return while its frames come in. */
struct amqp_content {
    enum { CONTENT_NONE, CONTENT_HEADER, CONTENT_BODY } awaited;
    bool is_return;    /* basic.return */
    bool is_unwanted;  /* its consumer has been cancelled */
    bool is_discarded; /* the body is not kept */
    uint64_t wire_tag;
    uint64_t size;
    uint64_t received;
    struct bus_delivery delivery;
    struct bus_header headers[BUS_HEADERS_MAX];
    char exchange[BUS_SHORT_TEXT_MAX + 1];
    char routing_key[BUS_SHORT_TEXT_MAX + 1];
    struct bus_buffer texts; /* the properties' texts */
    struct bus_buffer body;  /* a body of several frames */
};

/* The questions after consumer counts: one at a time, on a channel that the broker closes when
 * there is no such queue. */
struct amqp_counts {
    enum { COUNTS_CLOSED, COUNTS_OPENING, COUNTS_READY, COUNTS_ASKING } state;
    const char **queues;
    size_t count;
    size_t capacity;
};

struct amqp_bus {
    struct bus bus;
    struct amqp_bus_options options;
    struct amqp_url url;
    struct bus_events events;
    void *owner;

    enum amqp_state state;
    int fd;
    int write_error; /* errno of a failed send, for the next bus_process */
    struct amqp_resolver *resolver;
    const struct addrinfo *next_address;
    int64_t deadline_ms; /* of the attempt (until UP) */
    int64_t address_deadline_ms;
    int64_t retry_ms;
    unsigned failures; /* in a row */

    uint32_t frame_max;
    int64_t heartbeat_ms; /* as agreed with the broker */
    int64_t last_read_ms;
    int64_t last_write_ms;
    int64_t write_wait_ms; /* since when the system has taken nothing; 0: it does */
    bool is_blocked;
    bool is_close_ok;

    struct bus_buffer input;
    struct bus_buffer output;
    amqp_pool_t pool; /* of the method at work */

    size_t awaited;               /* answers outstanding on the main channel */
    bool is_reply_queue_declared; /* sent; its answer is the first queue.declare-ok to come */
    bool has_reply_queue;
    const char *reply_exchange; /* it is bound to; NULL: to none */
    char reply_queue[BUS_SHORT_TEXT_MAX + 1];
    struct amqp_consumer *consumers;
    size_t consumer_count;

    struct amqp_content content;
    struct amqp_confirms confirms;
    struct amqp_counts counts;
    uint64_t sequence; /* the last one given out */
    uint64_t
        sequence_base; /* what earlier connections used up: sequence = base + the broker's tag */
    uint64_t tag;      /* as with sequences, of deliveries */
    uint64_t tag_base;
};

static inline bool amqp_is_connected(const struct amqp_bus *bus)
{
    return bus->state >= AMQP_AWAIT_START && bus->state <= AMQP_UP;
}

/* amqp_connection.c */
enum amqp_blame { AMQP_BY_NETWORK, AMQP_BY_PEER };
/* Close the connection, tell the owner, plan the next attempt. */
void amqp_fail(struct amqp_bus *bus, enum amqp_blame blame, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Take the next step towards a connection, if it is time. */
void amqp_connection_advance(struct amqp_bus *bus);
/* Begin the handshake on a connected socket; the bus owns it from now on. */
void amqp_connection_adopt(struct amqp_bus *bus, int fd);
/* Forget all that belongs to the present connection and close it. */
void amqp_connection_reset(struct amqp_bus *bus);

/* amqp_io.c */
void bus_buffer_free(struct bus_buffer *bytes);
/* Room for `size` bytes after `end`; the waiting bytes may move. */
char *bus_buffer_reserve(struct bus_buffer *bytes, size_t size);
static inline size_t bus_buffer_size(const struct bus_buffer *bytes)
{
    return bytes->end - bytes->start;
}
/* Drop all, and the memory too if there is much of it. */
void bus_buffer_clear(struct bus_buffer *bytes);
/* Receive and handle what has come, for a bounded time. */
void amqp_io_read(struct amqp_bus *bus);
/* Send what waits; an error is left in write_error. */
void amqp_io_write(struct amqp_bus *bus);
/* Heartbeats: send them, miss them; output that does not move. */
void amqp_io_keep_alive(struct amqp_bus *bus);

/* amqp_output.c */
void amqp_output_method(struct amqp_bus *bus, uint16_t channel, amqp_method_number_t method,
                        const void *fields);
void amqp_output_raw(struct amqp_bus *bus, const void *data, size_t size);
/* Write the head of a frame whose payload of `size` bytes stands at `place` + FRAME_HEADER, and its
 * end. */
void amqp_frame_seal(char *place, uint8_t type, uint16_t channel, size_t size);

/* amqp_publish.c */
bool amqp_publish(struct amqp_bus *bus, const struct bus_message *message, uint64_t *ret_sequence);

/* amqp_input.c */
/* Handle the frames that are complete. */
void amqp_input_process(struct amqp_bus *bus);

/* amqp_handshake.c */
void amqp_handshake_begin(struct amqp_bus *bus);
/* `fields` is NULL for connection.start, which is not decoded. */
void amqp_handshake_method(struct amqp_bus *bus, amqp_method_number_t method, const void *fields);

/* amqp_channel.c: the main channel */
void amqp_channel_set_up(struct amqp_bus *bus);
void amqp_channel_method(struct amqp_bus *bus, amqp_method_number_t method, const void *fields);
void amqp_channel_add_consumer(struct amqp_bus *bus, size_t index);
void amqp_channel_declare_reply_queue(struct amqp_bus *bus);
void amqp_channel_bind_reply_queue(struct amqp_bus *bus);
void amqp_channel_cancel_consumers(struct amqp_bus *bus);

/* amqp_topology.c */
/* Declare everything; returns how many answers will come. */
size_t amqp_topology_declare(struct amqp_bus *bus);

/* amqp_counts.c */
void amqp_counts_ask(struct amqp_bus *bus, const char *queue);
void amqp_counts_method(struct amqp_bus *bus, amqp_method_number_t method, const void *fields);

/* amqp_content.c */
void amqp_content_deliver(struct amqp_bus *bus, const amqp_basic_deliver_t *method);
void amqp_content_return(struct amqp_bus *bus, const amqp_basic_return_t *method);
void amqp_content_header(struct amqp_bus *bus, const uint8_t *payload, size_t size);
void amqp_content_body(struct amqp_bus *bus, const uint8_t *payload, size_t size);

/* amqp_properties.c */
/* Decode the property flags and list of a content header into content->delivery. */
void amqp_properties_decode(struct amqp_content *content, const uint8_t *data, size_t size);

/* amqp_confirms.c */
void amqp_confirms_add(struct amqp_confirms *confirms, uint64_t key);
void amqp_confirms_clear(struct amqp_confirms *confirms);
void amqp_confirms_settle(struct amqp_bus *bus, uint64_t tag, bool is_multiple, bool is_taken);
void amqp_confirms_return(struct amqp_bus *bus, uint64_t key);
/* What a mandatory publication is known again by; never 0. */
uint64_t amqp_confirms_key(const char *exchange, const char *routing_key, const char *message_id);
