/* A worker that notes what it gets. */

#include "tests/cli/listening_worker.h"

#include <stdio.h>
#include <string.h>

static void note_headers(struct listening_worker *self, const struct bus_message *message)
{
    self->headers[0] = '\0';
    for (size_t i = 0; i < message->header_count; i++) {
        const struct bus_header *header = &message->headers[i];
        size_t size = strlen(self->headers);
        char *place = self->headers + size;
        size_t room = sizeof(self->headers) - size;
        if (header->kind == BUS_TEXT) {
            (void)snprintf(place, room, "%s=%s;", header->name, header->text);
        } else {
            (void)snprintf(place, room, "%s=%lld;", header->name, (long long)header->integer);
        }
    }
}

static void on_delivery(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    struct listening_worker *self = owner;
    const struct bus_message *message = &delivery->message;
    self->count++;
    (void)snprintf(self->message_id, sizeof(self->message_id), "%s", message->message_id);
    (void)snprintf(self->body, sizeof(self->body), "%.*s", (int)message->body_size,
                   (const char *)message->body);
    note_headers(self, message);
    self->is_persistent = message->is_persistent;
    self->has_deadline_or_reply = message->reply_to != NULL || message->expiration != NULL ||
                                  strstr(self->headers, "deadline") != NULL;
    if (self->on_message != NULL) {
        self->on_message();
    }
    bus_ack(bus, delivery->tag, false);
}

void listening_worker_open(struct listening_worker *ret, struct memory_broker *broker,
                           const struct topology *topology, const char *queue)
{
    static const struct bus_events events = {.on_delivery = on_delivery};
    *ret = (struct listening_worker){0};
    ret->bus = memory_bus_new(broker, topology, &events, ret);
    bus_add_consumer(ret->bus, queue, 1);
    bus_poll(ret->bus, 0);
}
