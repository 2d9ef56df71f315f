/* The broker behind memory_bus.h: exchanges, queues, routing. Used by memory_bus.c only. */
#pragma once

#include "common/bus/memory_bus.h"

/* A message in a queue, or in the hands of a consumer. */
struct memory_message {
    struct memory_message *next;
    struct bus_message message; /* all it points to is part of this allocation */
    int64_t expires_ms;         /* monotonic; 0: never */
    int64_t delivery_count;     /* quorum queues */
    bool is_redelivered;
};

struct memory_queue {
    struct memory_queue *next;
    char *name;
    const struct bus_argument *arguments; /* as declared first */
    size_t argument_count;
    const char *dead_letter_exchange; /* NULL: none */
    int64_t max_length;               /* -1: none */
    int64_t delivery_limit;           /* -1: none */
    int64_t wait_max_ms;              /* messages expire after it; -1: they do not */
    bool is_quorum;
    struct memory_message *first;
    struct memory_message **end;
    size_t size;
};

struct memory_binding {
    struct memory_binding *next;
    const char *exchange;
    const char *routing_key;
    struct memory_queue *queue;
};

struct memory_exchange {
    struct memory_exchange *next;
    const char *name;
    const char *kind;
    const char *alternate; /* or NULL */
};

/* A delivery in the owner's hands. */
struct memory_unacked {
    struct memory_unacked *next;
    uint64_t tag;
    struct memory_message *message;
    struct memory_queue *queue; /* NULL: deleted meanwhile */
    size_t consumer;
};

struct memory_consumer {
    const char *queue;
    unsigned prefetch;
    size_t unacked;
    bool is_cancelled;
};

/* What the owner is to be told at the next poll. */
struct memory_news {
    struct memory_news *next;
    enum { NEWS_CONFIRMED, NEWS_REFUSED, NEWS_RETURNED, NEWS_COUNT } kind;
    uint64_t sequence;
    const char *queue;
    int64_t consumers;
    int64_t messages;
};

struct memory_bus {
    struct bus bus;
    struct memory_bus *next; /* of the broker's */
    struct memory_broker *broker;
    const struct topology *topology;
    struct bus_events events;
    void *owner;
    bool is_up;
    bool is_closed;
    bool is_blocked;             /* as told to the owner */
    const char *lost_reason;     /* the connection is lost; NULL: it is not */
    const char *cancelled_queue; /* a consumer's queue has gone; NULL: none */
    bool is_lost_by_peer;
    bool has_reply_queue;
    const char *reply_exchange; /* it is bound to; NULL: to none */
    char reply_queue[32];
    struct memory_consumer *consumers;
    size_t consumer_count;
    struct memory_unacked *unacked; /* newest first */
    struct memory_news *news;
    struct memory_news **news_end;
    uint64_t sequence;
    uint64_t tag;
    uint64_t tag_base; /* tags up to it died with their connections */
};

struct memory_broker {
    struct memory_exchange *exchanges;
    struct memory_queue *queues;
    struct memory_binding *bindings;
    struct memory_bus *buses;
    bool is_blocked;
    unsigned reply_queues; /* made so far */
};

enum memory_outcome { MEMORY_TAKEN, MEMORY_REFUSED, MEMORY_UNROUTABLE, MEMORY_NO_EXCHANGE };

const struct memory_exchange *memory_exchange_find(const struct memory_broker *broker,
                                                   const char *name);
struct memory_queue *memory_queue_find(const struct memory_broker *broker, const char *name);
/* NULL: it is there with other arguments. */
struct memory_queue *memory_queue_declare(struct memory_broker *broker, const char *name,
                                          const struct bus_argument *arguments, size_t count);
void memory_queue_delete(struct memory_broker *broker, struct memory_queue *queue);
/* `exchange` and `routing_key` are static. */
void memory_broker_bind(struct memory_broker *broker, struct memory_queue *queue,
                        const char *exchange, const char *routing_key);
/* false: something is there with other arguments */
bool memory_broker_declare(struct memory_broker *broker, const struct topology *topology);

/* Route a copy of the message to every queue bound for it. */
enum memory_outcome memory_broker_route(struct memory_broker *broker,
                                        const struct bus_message *message);

/* Take what has expired from the heads of all queues, as if somebody consumed them. */
void memory_broker_expire(struct memory_broker *broker);
/* The next message that has not expired, owned; NULL: none. */
struct memory_message *memory_queue_take(struct memory_broker *broker, struct memory_queue *queue);
/* Back to the head of its queue, or to the dead letters if it has come back too often. Takes the
 * message. */
void memory_queue_give_back(struct memory_broker *broker, struct memory_queue *queue,
                            struct memory_message *message);
/* To the queue's dead-letter exchange, if it has one. Takes the message. */
void memory_queue_dead_letter(struct memory_broker *broker, struct memory_queue *queue,
                              struct memory_message *message, const char *reason);
