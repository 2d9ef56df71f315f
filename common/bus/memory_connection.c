/* What a poll of the bus in memory does. */

#include "common/bus/memory_connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/memory.h"
#include "common/bus/memory_message.h"

void memory_connection_lose(struct memory_bus *bus, const char *reason, bool is_by_peer)
{
    if (bus->lost_reason == NULL && bus->is_up) {
        bus->lost_reason = reason;
        bus->is_lost_by_peer = is_by_peer;
    }
}

void memory_connection_tell(struct memory_bus *bus, struct memory_news news)
{
    struct memory_news *copy = memory_grow(NULL, sizeof(*copy));
    *copy = news;
    copy->next = NULL;
    *bus->news_end = copy;
    bus->news_end = &copy->next;
}

static struct memory_news *next_news(struct memory_bus *bus)
{
    struct memory_news *news = bus->news;
    if (news != NULL) {
        bus->news = news->next;
        bus->news_end = bus->news == NULL ? &bus->news : bus->news_end;
    }
    return news;
}

void memory_connection_drop(struct memory_bus *bus)
{
    for (struct memory_news *news = next_news(bus); news != NULL; news = next_news(bus)) {
        free(news);
    }
    /* newest first, each to the head of its queue: the old order is restored */
    while (bus->unacked != NULL) {
        struct memory_unacked *unacked = bus->unacked;
        bus->unacked = unacked->next;
        if (unacked->queue == NULL) {
            free(unacked->message);
        } else {
            memory_queue_give_back(bus->broker, unacked->queue, unacked->message);
        }
        free(unacked);
    }
    for (size_t i = 0; i < bus->consumer_count; i++) {
        bus->consumers[i].unacked = 0;
    }
    struct memory_queue *replies = memory_queue_find(bus->broker, bus->reply_queue);
    if (replies != NULL) {
        memory_queue_delete(bus->broker, replies);
    }
    bus->reply_queue[0] = '\0';
    bus->tag_base = bus->tag;
    bus->is_up = false;
    bus->is_blocked = false;
    bus->lost_reason = NULL;
    bus->cancelled_queue = NULL;
}

static void go_down(struct memory_bus *bus, const char *reason, bool is_by_peer)
{
    memory_connection_drop(bus);
    if (bus->events.on_down != NULL) {
        bus->events.on_down(bus->owner, &bus->bus, reason, is_by_peer);
    }
}

void memory_connection_bind_reply_queue(struct memory_bus *bus)
{
    memory_broker_bind(bus->broker, memory_queue_find(bus->broker, bus->reply_queue),
                       bus->reply_exchange, "");
}

void memory_connection_open_reply_queue(struct memory_bus *bus)
{
    snprintf(bus->reply_queue, sizeof(bus->reply_queue), "amq.gen-%u", ++bus->broker->reply_queues);
    memory_queue_declare(bus->broker, bus->reply_queue, NULL, 0);
    if (bus->reply_exchange != NULL) {
        memory_connection_bind_reply_queue(bus);
    }
}

static void come_up(struct memory_bus *bus)
{
    if (bus->topology != NULL && !memory_broker_declare(bus->broker, bus->topology)) {
        go_down(bus, "the broker closed the channel: 406 PRECONDITION_FAILED - inequivalent arg",
                true);
        return;
    }
    if (bus->has_reply_queue) {
        memory_connection_open_reply_queue(bus);
    }
    bus->is_up = true;
    if (bus->events.on_up != NULL) {
        bus->events.on_up(bus->owner, &bus->bus);
    }
}

static void tell_alarm(struct memory_bus *bus)
{
    bool is_blocked = bus->broker->is_blocked;
    if (is_blocked == bus->is_blocked) {
        return;
    }
    bus->is_blocked = is_blocked;
    if (is_blocked && bus->events.on_blocked != NULL) {
        bus->events.on_blocked(bus->owner, &bus->bus, "low on memory");
    }
    if (!is_blocked && bus->events.on_unblocked != NULL) {
        bus->events.on_unblocked(bus->owner, &bus->bus);
    }
}

static void tell_one(struct memory_bus *bus, const struct memory_news *news)
{
    void (*tell)(void *, struct bus *, uint64_t) = NULL;
    switch (news->kind) {
    case NEWS_CONFIRMED:
        tell = bus->events.on_confirmed;
        break;
    case NEWS_REFUSED:
        tell = bus->events.on_refused;
        break;
    case NEWS_RETURNED:
        tell = bus->events.on_returned;
        break;
    case NEWS_COUNT:
        if (bus->events.on_consumer_count != NULL) {
            bus->events.on_consumer_count(bus->owner, &bus->bus, news->queue, news->consumers,
                                          news->messages);
        }
        return;
    }
    if (tell != NULL) {
        tell(bus->owner, &bus->bus, news->sequence);
    }
}

/* What the owner's callbacks add is told at the next poll. */
static void tell_news(struct memory_bus *bus)
{
    size_t count = 0;
    for (const struct memory_news *news = bus->news; news != NULL; news = news->next) {
        count++;
    }
    for (; count > 0 && bus->lost_reason == NULL; count--) {
        struct memory_news *news = next_news(bus);
        tell_one(bus, news);
        free(news);
    }
}

static bool has_room(const struct memory_consumer *consumer)
{
    return !consumer->is_cancelled &&
           (consumer->prefetch == 0 || consumer->unacked < consumer->prefetch);
}

static void deliver(struct memory_bus *bus, const struct memory_message *message, const char *queue,
                    uint64_t tag)
{
    if (bus->events.on_delivery == NULL) {
        return;
    }
    struct bus_delivery delivery = {
        .message = message->message,
        .tag = tag,
        .queue = queue,
        .is_redelivered = message->is_redelivered,
        .delivery_count = message->delivery_count,
    };
    bus->events.on_delivery(bus->owner, &bus->bus, &delivery);
}

/* true: there was one */
static bool deliver_to(struct memory_bus *bus, size_t index)
{
    struct memory_consumer *consumer = &bus->consumers[index];
    struct memory_queue *queue = memory_queue_find(bus->broker, consumer->queue);
    if (queue == NULL || !has_room(consumer)) {
        return false;
    }
    struct memory_message *message = memory_queue_take(bus->broker, queue);
    if (message == NULL) {
        return false;
    }
    struct memory_unacked *unacked = memory_grow(NULL, sizeof(*unacked));
    *unacked = (struct memory_unacked){bus->unacked, ++bus->tag, message, queue, index};
    bus->unacked = unacked;
    consumer->unacked++;
    /* the owner may settle it, and so free it, while it looks at it */
    struct memory_message *copy = memory_message_copy(&message->message, NULL, 0);
    copy->is_redelivered = message->is_redelivered;
    copy->delivery_count = message->delivery_count;
    deliver(bus, copy, consumer->queue, unacked->tag);
    free(copy);
    return true;
}

static bool deliver_reply(struct memory_bus *bus)
{
    struct memory_queue *queue = memory_queue_find(bus->broker, bus->reply_queue);
    struct memory_message *message = queue == NULL ? NULL : memory_queue_take(bus->broker, queue);
    if (message == NULL) {
        return false;
    }
    deliver(bus, message, bus->reply_queue, 0);
    free(message);
    return true;
}

static size_t ready_messages(const struct memory_bus *bus)
{
    const struct memory_queue *replies = memory_queue_find(bus->broker, bus->reply_queue);
    size_t ready = replies == NULL ? 0 : replies->size;
    for (size_t i = 0; i < bus->consumer_count; i++) {
        const struct memory_queue *queue = memory_queue_find(bus->broker, bus->consumers[i].queue);
        ready += queue != NULL && has_room(&bus->consumers[i]) ? queue->size : 0;
    }
    return ready;
}

/* The queues in turn; no more than there was at the start, so that an owner who gives all back does
 * not go round for ever. */
static void deliver_all(struct memory_bus *bus)
{
    size_t left = ready_messages(bus);
    bool is_any = true;
    while (is_any && left > 0) {
        is_any = false;
        for (size_t i = 0; i < bus->consumer_count && bus->lost_reason == NULL; i++) {
            bool is_delivered = deliver_to(bus, i);
            left -= is_delivered && left > 0 ? 1 : 0;
            is_any = is_any || is_delivered;
        }
        if (bus->lost_reason == NULL && deliver_reply(bus)) {
            left -= left > 0 ? 1 : 0;
            is_any = true;
        }
    }
}

bool memory_connection_has_work(const struct memory_bus *bus)
{
    if (bus->is_closed) {
        return false;
    }
    return !bus->is_up || bus->lost_reason != NULL || bus->cancelled_queue != NULL ||
           bus->news != NULL || bus->is_blocked != bus->broker->is_blocked ||
           ready_messages(bus) > 0;
}

void memory_connection_process(struct memory_bus *bus)
{
    if (bus->is_closed) {
        return;
    }
    if (bus->cancelled_queue != NULL && bus->events.on_cancelled != NULL) {
        bus->events.on_cancelled(bus->owner, &bus->bus, bus->cancelled_queue);
    }
    if (bus->cancelled_queue != NULL && bus->lost_reason == NULL) {
        bus->lost_reason = "the broker ended a consumer";
        bus->is_lost_by_peer = false;
    }
    if (bus->lost_reason != NULL) {
        go_down(bus, bus->lost_reason, bus->is_lost_by_peer);
        return;
    }
    if (!bus->is_up) {
        come_up(bus);
    }
    if (!bus->is_up) {
        return;
    }
    memory_broker_expire(bus->broker);
    tell_alarm(bus);
    tell_news(bus);
    deliver_all(bus);
}

static bool is_consuming(const struct memory_bus *bus, const char *queue, size_t index)
{
    return bus->is_up && !bus->consumers[index].is_cancelled &&
           strcmp(bus->consumers[index].queue, queue) == 0;
}

int64_t memory_connection_count_consumers(const struct memory_broker *broker, const char *queue)
{
    if (memory_queue_find(broker, queue) == NULL) {
        return -1;
    }
    int64_t count = 0;
    for (const struct memory_bus *bus = broker->buses; bus != NULL; bus = bus->next) {
        count += bus->is_up && strcmp(bus->reply_queue, queue) == 0 ? 1 : 0;
        for (size_t i = 0; i < bus->consumer_count; i++) {
            count += is_consuming(bus, queue, i) ? 1 : 0;
        }
    }
    return count;
}

void memory_broker_delete_queue(struct memory_broker *broker, const char *queue)
{
    struct memory_queue *found = memory_queue_find(broker, queue);
    if (found == NULL) {
        return;
    }
    for (struct memory_bus *bus = broker->buses; bus != NULL; bus = bus->next) {
        for (struct memory_unacked *u = bus->unacked; u != NULL; u = u->next) {
            u->queue = u->queue == found ? NULL : u->queue;
        }
        for (size_t i = 0; i < bus->consumer_count; i++) {
            if (is_consuming(bus, queue, i)) {
                bus->cancelled_queue = bus->consumers[i].queue;
            }
        }
    }
    memory_queue_delete(broker, found);
}
