/*
 * The message bus: publish, consume, ack. One `struct bus` is one connection to the broker, owned
 * by one thread and driven by that thread's loop: bus_poll (or bus_process, where the loop waits by
 * itself) does all input and output and calls the owner's callbacks. Nothing here blocks but
 * bus_poll, and that for at most its time-out.
 *
 * Implemented by amqp_bus.h (AMQP 0-9-1, RabbitMQ) and memory_bus.h (within one process, for
 * tests).
 *
 * Life: a bus connects by itself, in the background, and again after every loss (jittered, growing
 * waits). On each connection it declares the topology, asks for the consumers that its owner added,
 * and only then calls on_up. What was published and not confirmed when on_down comes has an unknown
 * fate: confirmations of it will not come, and the owner publishes it again under its message_id or
 * gives it up. Tags of deliveries die with their connection: to ack one later does nothing.
 *
 * Delivery: at least once. Order: as published on one connection, but for redeliveries.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/core/attributes.h"
#include "common/core/err.h"

enum { BUS_BODY_MAX = 1024 * 1024, BUS_HEADERS_MAX = 32, BUS_SHORT_TEXT_MAX = 255 };

/* A header's value: AMQP field values of other kinds come as BUS_OTHER, so that the reader can
 * refuse them. */
enum bus_value_kind { BUS_TEXT, BUS_INTEGER, BUS_BOOLEAN, BUS_OTHER };

struct bus_header {
    const char *name;
    enum bus_value_kind kind;
    const char *text; /* BUS_TEXT: NUL-terminated; a text with a NUL inside comes as BUS_OTHER */
    int64_t integer;  /* BUS_INTEGER, BUS_BOOLEAN (0, 1); an unsigned value beyond int64 comes as
                         BUS_OTHER */
};

/* Texts: NULL is absent. A property with a NUL byte inside comes as "" with is_malformed set. */
struct bus_message {
    const char *exchange; /* "" is the default exchange */
    const char *routing_key;
    const char *type;
    const char *content_type;
    const char *message_id;
    const char *correlation_id;
    const char *reply_to;
    const char *expiration; /* milliseconds, decimal */
    const struct bus_header *headers;
    size_t header_count;
    const void *body;
    size_t body_size;
    int64_t timestamp; /* seconds, 0: absent */
    bool is_persistent;
    bool is_mandatory; /* publish only: come back (on_returned) when no queue takes it */
    bool is_malformed; /* delivery only: a property or header could not be read, or BUS_HEADERS_MAX
                          was passed */
    bool is_too_large; /* delivery only: the body was beyond BUS_BODY_MAX and has been thrown away
                          as it came; body is NULL */
};

struct bus_delivery {
    struct bus_message message; /* borrowed: valid until the callback returns */
    uint64_t tag;               /* grows within a bus's life; 0: needs no ack (the reply queue) */
    const char *queue; /* the one it was consumed from; valid as long as the bus (the reply queue:
                          as the connection) */
    bool is_redelivered;
    int64_t
        delivery_count; /* x-delivery-count of quorum queues: earlier deliveries; 0 where unknown */
};

struct bus;

/*
 * Called from bus_poll/bus_process on the owner's thread. Any may be NULL. They may call any bus
 * function but bus_poll, bus_process, bus_close and bus_free; what they publish and ack is written
 * before bus_poll/bus_process returns.
 */
struct bus_events {
    void (*on_up)(void *owner, struct bus *bus);
    /*
     * The connection, or an attempt at one, has ended: also called when there was no on_up before
     * it. `reason` for the log; `is_by_peer`: the broker closed it with an error (and not the
     * network). Whatever was blocked no longer is.
     */
    void (*on_down)(void *owner, struct bus *bus, const char *reason, bool is_by_peer);
    void (*on_delivery)(void *owner, struct bus *bus, const struct bus_delivery *delivery);
    /* The broker has taken responsibility for this publication / has refused it (nack: a full queue
     * with reject-publish, …). */
    void (*on_confirmed)(void *owner, struct bus *bus, uint64_t sequence);
    void (*on_refused)(void *owner, struct bus *bus, uint64_t sequence);
    /* A mandatory publication found no queue; on_confirmed for the same sequence comes after it.
     * Needs confirms. */
    void (*on_returned)(void *owner, struct bus *bus, uint64_t sequence);
    /* The broker takes no publications now (memory or disk alarm) / does again. */
    void (*on_blocked)(void *owner, struct bus *bus, const char *reason);
    void (*on_unblocked)(void *owner, struct bus *bus);
    /* The answer to bus_count_consumers: consumers, and messages that wait for one; -1: there is no
     * such queue (or not for us). None comes if the connection ends. */
    void (*on_consumer_count)(void *owner, struct bus *bus, const char *queue, int64_t consumers,
                              int64_t messages);
    /* The broker ended a consumer (its queue was deleted or moved); the bus reconnects by itself
     * after this. */
    void (*on_cancelled)(void *owner, struct bus *bus, const char *queue);
};

struct bus_ops {
    bool (*publish)(struct bus *self, const struct bus_message *message, uint64_t *ret_sequence);
    void (*add_consumer)(struct bus *self, const char *queue, unsigned prefetch);
    void (*add_reply_queue)(struct bus *self, unsigned prefetch);
    void (*bind_reply_queue)(struct bus *self, const char *exchange);
    const char *(*reply_queue)(struct bus *self);
    void (*cancel_consumers)(struct bus *self);
    void (*ack)(struct bus *self, uint64_t tag, bool is_multiple);
    void (*requeue)(struct bus *self, uint64_t tag);
    void (*dead_letter)(struct bus *self, uint64_t tag);
    void (*count_consumers)(struct bus *self, const char *queue);
    void (*flush)(struct bus *self);
    void (*poll)(struct bus *self, int timeout_ms);
    void (*process)(struct bus *self);
    int (*fd)(struct bus *self);
    short (*wanted_events)(struct bus *self);
    int (*timeout_ms)(struct bus *self);
    bool (*is_up)(const struct bus *self);
    bool (*is_blocked)(const struct bus *self);
    size_t (*unsent)(const struct bus *self);
    void (*close)(struct bus *self, int timeout_ms);
    void (*free)(struct bus *self);
};

struct bus { /* implementations embed this first */
    const struct bus_ops *ops;
};

/*
 * Put a message into the output buffer; it is sent by the next bus_flush, bus_process or bus_poll
 * (several go out in one system call). False, and nothing is sent, when the connection is down or
 * blocked, or the output buffer is full: certain not to have been written. False as well for what
 * AMQP cannot carry: a text property longer than BUS_SHORT_TEXT_MAX or more than BUS_HEADERS_MAX
 * headers. On true `ret_sequence` (may be NULL) names it for on_confirmed, on_refused and
 * on_returned; sequences grow and never repeat within a bus's life.
 */
MUST_CHECK static inline bool bus_publish(struct bus *self, const struct bus_message *message,
                                          uint64_t *ret_sequence)
{
    return self->ops->publish(self, message, ret_sequence);
}

/* Consume a queue, on this and every later connection. `queue` is static. `prefetch` is a limit for
 * each consumer. */
static inline void bus_add_consumer(struct bus *self, const char *queue, unsigned prefetch)
{
    self->ops->add_consumer(self, queue, prefetch);
}

/* Consume a queue of our own (exclusive, named by the broker, auto-delete, no acks needed). At most
 * one. */
static inline void bus_add_reply_queue(struct bus *self, unsigned prefetch)
{
    self->ops->add_reply_queue(self, prefetch);
}

/* Have what is published to a fanout exchange come to the reply queue as well, on this and every
 * later connection. `exchange` is static and part of the topology. At most one. */
static inline void bus_bind_reply_queue(struct bus *self, const char *exchange)
{
    self->ops->bind_reply_queue(self, exchange);
}

/* Its name on the present connection, or NULL when down; changes with each connection. */
static inline const char *bus_reply_queue(struct bus *self)
{
    return self->ops->reply_queue(self);
}

/*
 * Take no more deliveries from the queues of bus_add_consumer, for good (drain): what is still on
 * its way goes back to its queue. What was delivered may still be acked; the reply queue goes on.
 */
static inline void bus_cancel_consumers(struct bus *self)
{
    self->ops->cancel_consumers(self);
}

/* Done with it; `is_multiple`: and with all delivered before it. */
static inline void bus_ack(struct bus *self, uint64_t tag, bool is_multiple)
{
    self->ops->ack(self, tag, is_multiple);
}

/* Give it back to its queue. */
static inline void bus_requeue(struct bus *self, uint64_t tag)
{
    self->ops->requeue(self, tag);
}

/* Refuse it for good: the queue's dead-letter exchange takes it, if it has one. */
static inline void bus_dead_letter(struct bus *self, uint64_t tag)
{
    self->ops->dead_letter(self, tag);
}

/*
 * Ask how many consumers a queue has (a passive declare on a channel of its own); on_consumer_count
 * answers. A question already waiting for its answer is not asked twice; nothing is asked while
 * down. `queue` is static.
 */
static inline void bus_count_consumers(struct bus *self, const char *queue)
{
    self->ops->count_consumers(self, queue);
}

/* Write what is buffered, as far as the system takes it now, and do nothing else: no callback is
 * called. */
static inline void bus_flush(struct bus *self)
{
    self->ops->flush(self);
}

/* Wait for input or output for at most `timeout_ms` (0: do not wait) and process it. */
static inline void bus_poll(struct bus *self, int timeout_ms)
{
    self->ops->poll(self, timeout_ms);
}

/* Do what can be done now: read, dispatch, write, heartbeats, reconnection. For owners that wait by
 * themselves on bus_fd. */
static inline void bus_process(struct bus *self)
{
    self->ops->process(self);
}

/* The descriptor to wait on (level-triggered), or -1 while between connections; may change after
 * any bus_process. */
static inline int bus_fd(struct bus *self)
{
    return self->ops->fd(self);
}

/* POLLIN, and POLLOUT when output waits. */
static inline short bus_wanted_events(struct bus *self)
{
    return self->ops->wanted_events(self);
}

/* In how many ms bus_process must be called at the latest, whatever the descriptor says. */
static inline int bus_timeout_ms(struct bus *self)
{
    return self->ops->timeout_ms(self);
}

/* Declared, consuming and ready to publish. */
static inline bool bus_is_up(const struct bus *self)
{
    return self->ops->is_up(self);
}

static inline bool bus_is_blocked(const struct bus *self)
{
    return self->ops->is_blocked(self);
}

/* Bytes accepted by bus_publish, bus_ack, … and not yet handed to the system. 0: all is written. */
static inline size_t bus_unsent(const struct bus *self)
{
    return self->ops->unsent(self);
}

/* Send what is buffered and say goodbye, for at most `timeout_ms`; the bus stays down. */
static inline void bus_close(struct bus *self, int timeout_ms)
{
    self->ops->close(self, timeout_ms);
}

static inline void bus_free(struct bus *self)
{
    if (self != NULL) {
        self->ops->free(self);
    }
}
