/* Records everything. */

#include "bus_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct client *of(void *owner)
{
    return owner;
}

static void on_up(void *owner, struct bus *bus)
{
    struct client *client = of(owner);
    client->ups++;
    const char *reply_queue = bus_reply_queue(bus);
    snprintf(client->reply_queue, sizeof(client->reply_queue), "%s",
             reply_queue == NULL ? "" : reply_queue);
}

static void on_down(void *owner, struct bus *bus, const char *reason, bool is_by_peer)
{
    (void)bus;
    struct client *client = of(owner);
    client->downs++;
    client->is_down_by_peer = is_by_peer;
    snprintf(client->down_reason, sizeof(client->down_reason), "%s", reason);
}

static void *keep(struct client_delivery *record, const void *data, size_t size)
{
    char *copy = malloc(size + 1);
    if (size > 0) {
        memcpy(copy, data, size);
    }
    copy[size] = '\0';
    record->storage[record->storage_count++] = copy;
    return copy;
}

static const char *keep_text(struct client_delivery *record, const char *text)
{
    return text == NULL ? NULL : keep(record, text, strlen(text));
}

static void record_delivery(struct client *client, const struct bus_delivery *delivery)
{
    client->deliveries =
        realloc(client->deliveries, (client->delivery_count + 1) * sizeof(*client->deliveries));
    struct client_delivery *record = &client->deliveries[client->delivery_count++];
    *record = (struct client_delivery){.delivery = *delivery};
    struct bus_message *message = &record->delivery.message;
    record->delivery.queue = keep_text(record, delivery->queue);
    message->exchange = keep_text(record, message->exchange);
    message->routing_key = keep_text(record, message->routing_key);
    message->type = keep_text(record, message->type);
    message->content_type = keep_text(record, message->content_type);
    message->message_id = keep_text(record, message->message_id);
    message->correlation_id = keep_text(record, message->correlation_id);
    message->reply_to = keep_text(record, message->reply_to);
    message->expiration = keep_text(record, message->expiration);
    if (message->body != NULL) {
        message->body = keep(record, message->body, message->body_size);
    }
    for (size_t i = 0; i < message->header_count; i++) {
        record->headers[i] = message->headers[i];
        record->headers[i].name = keep_text(record, message->headers[i].name);
        record->headers[i].text = keep_text(record, message->headers[i].text);
    }
    message->headers = NULL; /* see headers */
}

static void on_delivery(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    struct client *client = of(owner);
    record_delivery(client, delivery);
    if (client->on_delivery != NULL) {
        client->on_delivery(client, delivery);
    }
    if (client->is_acking) {
        bus_ack(bus, delivery->tag, false);
    }
}

static void record(uint64_t *list, size_t *count, uint64_t sequence)
{
    ck_assert_uint_lt(*count, CLIENT_RECORDS_MAX);
    list[(*count)++] = sequence;
}

static void on_confirmed(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    record(of(owner)->confirmed, &of(owner)->confirmed_count, sequence);
}

static void on_refused(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    record(of(owner)->refused, &of(owner)->refused_count, sequence);
}

static void on_returned(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    struct client *client = of(owner);
    for (size_t i = 0; i < client->confirmed_count; i++) {
        ck_assert_msg(client->confirmed[i] != sequence, "returned after its confirm");
    }
    record(client->returned, &client->returned_count, sequence);
}

static void on_blocked(void *owner, struct bus *bus, const char *reason)
{
    (void)bus;
    ck_assert_str_ne(reason, "");
    of(owner)->blocked++;
}

static void on_unblocked(void *owner, struct bus *bus)
{
    (void)bus;
    of(owner)->unblocked++;
}

static void on_consumer_count(void *owner, struct bus *bus, const char *queue, int64_t consumers,
                              int64_t messages)
{
    (void)bus;
    struct client *client = of(owner);
    client->counts++;
    client->consumers = consumers;
    client->messages = messages;
    snprintf(client->counted_queue, sizeof(client->counted_queue), "%s", queue);
}

static void on_cancelled(void *owner, struct bus *bus, const char *queue)
{
    (void)bus;
    snprintf(of(owner)->cancelled_queue, sizeof(of(owner)->cancelled_queue), "%s", queue);
}

const struct bus_events client_events = {
    .on_up = on_up,
    .on_down = on_down,
    .on_delivery = on_delivery,
    .on_confirmed = on_confirmed,
    .on_refused = on_refused,
    .on_returned = on_returned,
    .on_blocked = on_blocked,
    .on_unblocked = on_unblocked,
    .on_consumer_count = on_consumer_count,
    .on_cancelled = on_cancelled,
};

struct client *client_new(const char *name)
{
    struct client *client = calloc(1, sizeof(*client));
    client->name = name;
    return client;
}

void client_free(struct client *client)
{
    if (client == NULL) {
        return;
    }
    bus_free(client->bus);
    for (size_t i = 0; i < client->delivery_count; i++) {
        for (size_t j = 0; j < client->deliveries[i].storage_count; j++) {
            free(client->deliveries[i].storage[j]);
        }
    }
    free(client->deliveries);
    free(client);
}

void client_poll(struct client *one, struct client *other)
{
    /* alternate in short waits: both may have something to do */
    if (one != NULL) {
        bus_poll(one->bus, other == NULL ? 100 : 2);
    }
    if (other != NULL) {
        bus_poll(other->bus, one == NULL ? 100 : 2);
    }
}

void client_round_trip(struct client *client)
{
    unsigned before = client->counts;
    bus_count_consumers(client->bus, "dead.intake");
    await(client, NULL, client->counts > before);
}

const struct bus_header *client_header(const struct client *client, size_t delivery,
                                       const char *name)
{
    const struct client_delivery *record = &client->deliveries[delivery];
    for (size_t i = 0; i < record->delivery.message.header_count; i++) {
        if (strcmp(record->headers[i].name, name) == 0) {
            return &record->headers[i];
        }
    }
    return NULL;
}
