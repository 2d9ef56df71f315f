/* A bus that notes what it hears. */

#include "tests/scheduler/listener.h"

#include <check.h>
#include <stdio.h>

static void copy(char ret[LISTENER_TEXT_SIZE], const char *text)
{
    (void)snprintf(ret, LISTENER_TEXT_SIZE, "%s", text == NULL ? "" : text);
}

static void on_delivery(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    struct listener *self = owner;
    const struct bus_message *message = &delivery->message;
    ck_assert_uint_lt(self->count, LISTENER_MAX);
    struct heard *heard = &self->heard[self->count++];
    copy(heard->name, message->routing_key);
    copy(heard->message_id, message->message_id);
    copy(heard->content_type, message->content_type);
    (void)snprintf(heard->body, sizeof(heard->body), "%.*s", (int)message->body_size,
                   (const char *)message->body);
    heard->is_persistent = message->is_persistent;
    bus_ack(bus, delivery->tag, false);
}

void listener_open(struct listener *ret, struct memory_broker *broker,
                   const struct topology *topology, const char *queue)
{
    static const struct bus_events events = {.on_delivery = on_delivery};
    *ret = (struct listener){0};
    ret->bus = memory_bus_new(broker, topology, &events, ret);
    bus_add_consumer(ret->bus, queue, LISTENER_MAX);
    listener_poll(ret);
}

void listener_close(struct listener *listener)
{
    bus_free(listener->bus);
}

void listener_poll(struct listener *listener)
{
    for (int i = 0; i < 4; i++) {
        bus_poll(listener->bus, 0);
    }
}
