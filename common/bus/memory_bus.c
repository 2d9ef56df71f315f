/* The owner's side of the bus in memory. */

#include "common/bus/memory_bus.h"

#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"
#include "common/bus/memory_broker.h"
#include "common/bus/memory_connection.h"

enum { IDLE_MS = 100 };

static struct memory_bus *of(struct bus *self)
{
    return (struct memory_bus *)self;
}

static const struct memory_bus *of_const(const struct bus *self)
{
    return (const struct memory_bus *)self;
}

static bool is_text_possible(const char *text)
{
    return text == NULL || strlen(text) <= BUS_SHORT_TEXT_MAX;
}

static bool is_message_possible(const struct bus_message *message)
{
    return message->header_count <= BUS_HEADERS_MAX && is_text_possible(message->exchange) &&
           is_text_possible(message->routing_key) && is_text_possible(message->type) &&
           is_text_possible(message->content_type) && is_text_possible(message->message_id) &&
           is_text_possible(message->correlation_id) && is_text_possible(message->reply_to) &&
           is_text_possible(message->expiration);
}

/* 3.10 closes the connection that writes to a direct reply-to address that is none */
static bool is_foul_address(const struct bus_message *message)
{
    static const char direct[] = "amq.rabbitmq.reply-to.";
    return message->exchange[0] == '\0' &&
           strncmp(message->routing_key, direct, strlen(direct)) == 0;
}

static bool bus_do_publish(struct bus *self, const struct bus_message *message,
                           uint64_t *ret_sequence)
{
    struct memory_bus *bus = of(self);
    bool is_ready = bus->is_up && bus->lost_reason == NULL && !bus->broker->is_blocked;
    if (!is_ready || !is_message_possible(message)) {
        return false;
    }
    uint64_t sequence = ++bus->sequence;
    if (ret_sequence != NULL) {
        *ret_sequence = sequence;
    }
    enum memory_outcome outcome =
        is_foul_address(message) ? MEMORY_NO_EXCHANGE : memory_broker_route(bus->broker, message);
    if (outcome == MEMORY_NO_EXCHANGE) {
        memory_connection_lose(bus, "the broker closed the channel: 404 no such exchange", true);
        return true;
    }
    if (outcome == MEMORY_UNROUTABLE && message->is_mandatory) {
        memory_connection_tell(bus,
                               (struct memory_news){.kind = NEWS_RETURNED, .sequence = sequence});
    }
    memory_connection_tell(
        bus, (struct memory_news){.kind = outcome == MEMORY_REFUSED ? NEWS_REFUSED : NEWS_CONFIRMED,
                                  .sequence = sequence});
    return true;
}

static void bus_do_add_consumer(struct bus *self, const char *queue, unsigned prefetch)
{
    struct memory_bus *bus = of(self);
    size_t index = bus->consumer_count++;
    bus->consumers = memory_grow(bus->consumers, bus->consumer_count * sizeof(*bus->consumers));
    bus->consumers[index] = (struct memory_consumer){.queue = queue, .prefetch = prefetch};
}

static void bus_do_add_reply_queue(struct bus *self, unsigned prefetch)
{
    struct memory_bus *bus = of(self);
    (void)prefetch;
    bus->has_reply_queue = true;
    if (bus->is_up && bus->lost_reason == NULL) {
        memory_connection_open_reply_queue(bus);
    }
}

static void bus_do_bind_reply_queue(struct bus *self, const char *exchange)
{
    struct memory_bus *bus = of(self);
    bus->reply_exchange = exchange;
    if (bus->reply_queue[0] != '\0') {
        memory_connection_bind_reply_queue(bus);
    }
}

static const char *bus_do_reply_queue(struct bus *self)
{
    const struct memory_bus *bus = of(self);
    return bus->is_up && bus->reply_queue[0] != '\0' ? bus->reply_queue : NULL;
}

static void bus_do_cancel_consumers(struct bus *self)
{
    struct memory_bus *bus = of(self);
    for (size_t i = 0; i < bus->consumer_count; i++) {
        bus->consumers[i].is_cancelled = true;
    }
}

/* Unhook what `tag` names, or that and all older ones; newest first. */
static struct memory_unacked *take_unacked(struct memory_bus *bus, uint64_t tag, bool is_multiple)
{
    struct memory_unacked *taken = NULL;
    struct memory_unacked **end = &taken;
    struct memory_unacked **place = &bus->unacked;
    while (*place != NULL) {
        struct memory_unacked *unacked = *place;
        bool is_meant = unacked->tag == tag || (is_multiple && unacked->tag < tag);
        if (!is_meant) {
            place = &unacked->next;
            continue;
        }
        *place = unacked->next;
        unacked->next = NULL;
        *end = unacked;
        end = &unacked->next;
        bus->consumers[unacked->consumer].unacked--;
    }
    return taken;
}

static bool is_live_tag(const struct memory_bus *bus, uint64_t tag)
{
    return bus->is_up && bus->lost_reason == NULL && tag > bus->tag_base && tag <= bus->tag;
}

static void bus_do_ack(struct bus *self, uint64_t tag, bool is_multiple)
{
    struct memory_bus *bus = of(self);
    if (!is_live_tag(bus, tag)) {
        return;
    }
    struct memory_unacked *taken = take_unacked(bus, tag, is_multiple);
    if (taken == NULL) {
        memory_connection_lose(
            bus, "the broker closed the channel: 406 PRECONDITION_FAILED - unknown delivery tag",
            true);
    }
    while (taken != NULL) {
        struct memory_unacked *next = taken->next;
        free(taken->message);
        free(taken);
        taken = next;
    }
}

static void reject(struct bus *self, uint64_t tag, bool is_requeued)
{
    struct memory_bus *bus = of(self);
    struct memory_unacked *taken = is_live_tag(bus, tag) ? take_unacked(bus, tag, false) : NULL;
    if (taken == NULL) {
        return;
    }
    if (taken->queue == NULL) {
        free(taken->message);
    } else if (is_requeued) {
        memory_queue_give_back(bus->broker, taken->queue, taken->message);
    } else {
        memory_queue_dead_letter(bus->broker, taken->queue, taken->message, "rejected");
    }
    free(taken);
}

static void bus_do_requeue(struct bus *self, uint64_t tag)
{
    reject(self, tag, true);
}

static void bus_do_dead_letter(struct bus *self, uint64_t tag)
{
    reject(self, tag, false);
}

static void bus_do_count_consumers(struct bus *self, const char *queue)
{
    struct memory_bus *bus = of(self);
    if (bus->is_up && bus->lost_reason == NULL) {
        const struct memory_queue *found = memory_queue_find(bus->broker, queue);
        struct memory_news news = {
            .kind = NEWS_COUNT,
            .queue = queue,
            .consumers = memory_connection_count_consumers(bus->broker, queue),
            .messages = found == NULL ? -1 : (int64_t)found->size,
        };
        memory_connection_tell(bus, news);
    }
}

static void bus_do_flush(struct bus *self)
{
    (void)self; /* everything is written at once */
}

static void bus_do_process(struct bus *self)
{
    memory_connection_process(of(self));
}

static void bus_do_poll(struct bus *self, int timeout_ms)
{
    (void)timeout_ms;
    memory_connection_process(of(self));
}

static int bus_do_fd(struct bus *self)
{
    (void)self;
    return -1;
}

static short bus_do_wanted_events(struct bus *self)
{
    (void)self;
    return 0;
}

static int bus_do_timeout_ms(struct bus *self)
{
    return memory_connection_has_work(of(self)) ? 0 : IDLE_MS;
}

static bool bus_do_is_up(const struct bus *self)
{
    return of_const(self)->is_up;
}

static bool bus_do_is_blocked(const struct bus *self)
{
    return of_const(self)->is_up && of_const(self)->broker->is_blocked;
}

static size_t bus_do_unsent(const struct bus *self)
{
    (void)self;
    return 0;
}

static void bus_do_close(struct bus *self, int timeout_ms)
{
    (void)timeout_ms;
    memory_connection_drop(of(self));
    of(self)->is_closed = true;
}

static void bus_do_free(struct bus *self)
{
    struct memory_bus *bus = of(self);
    memory_connection_drop(bus);
    struct memory_bus **place = &bus->broker->buses;
    while (*place != bus) {
        place = &(*place)->next;
    }
    *place = bus->next;
    free(bus->consumers);
    free(bus);
}

static const struct bus_ops memory_bus_ops = {
    .publish = bus_do_publish,
    .add_consumer = bus_do_add_consumer,
    .add_reply_queue = bus_do_add_reply_queue,
    .bind_reply_queue = bus_do_bind_reply_queue,
    .reply_queue = bus_do_reply_queue,
    .cancel_consumers = bus_do_cancel_consumers,
    .ack = bus_do_ack,
    .requeue = bus_do_requeue,
    .dead_letter = bus_do_dead_letter,
    .count_consumers = bus_do_count_consumers,
    .flush = bus_do_flush,
    .poll = bus_do_poll,
    .process = bus_do_process,
    .fd = bus_do_fd,
    .wanted_events = bus_do_wanted_events,
    .timeout_ms = bus_do_timeout_ms,
    .is_up = bus_do_is_up,
    .is_blocked = bus_do_is_blocked,
    .unsent = bus_do_unsent,
    .close = bus_do_close,
    .free = bus_do_free,
};

struct bus *memory_bus_new(struct memory_broker *broker, const struct topology *topology,
                           const struct bus_events *events, void *owner)
{
    struct memory_bus *bus = memory_grow(NULL, sizeof(*bus));
    *bus = (struct memory_bus){
        .bus.ops = &memory_bus_ops,
        .next = broker->buses,
        .broker = broker,
        .topology = topology,
        .events = *events,
        .owner = owner,
    };
    bus->news_end = &bus->news;
    broker->buses = bus;
    return &bus->bus;
}

void memory_bus_disconnect(struct bus *bus, bool is_by_peer)
{
    memory_connection_lose(of(bus), "disconnected by the test", is_by_peer);
}
