/* The topology the suite plays in, and two buses connected to it. */

#include "bus_fixture.h"

static const struct bus_exchange exchanges[] = {
    {"test.commands", "direct"}, {"test.events", "topic"},   {EXCHANGE_DEAD, "fanout"},
    {"test.retry", "fanout"},    {"test.reports", "fanout"},
};

static const struct bus_argument command_arguments[] = {
    {"x-queue-type", "quorum", 0},
    {"x-delivery-limit", NULL, 2},
    {"x-dead-letter-exchange", EXCHANGE_DEAD, 0},
    {"x-dead-letter-strategy", "at-least-once", 0},
    {"x-max-length", NULL, 100000},
    {"x-overflow", "reject-publish", 0},
};
static const struct bus_argument query_arguments[] = {
    {"x-max-length", NULL, 10000},
    {"x-overflow", "reject-publish", 0},
};
static const struct bus_argument tiny_arguments[] = {
    {"x-max-length", NULL, 1},
    {"x-overflow", "reject-publish", 0},
};
static const struct bus_argument quorum_arguments[] = {{"x-queue-type", "quorum", 0}};

static const struct bus_argument retry_arguments[] = {
    {"x-queue-type", "quorum", 0},     {"x-message-ttl", NULL, RETRY_WAIT_MAX_MS},
    {"x-dead-letter-exchange", "", 0}, {"x-dead-letter-strategy", "at-least-once", 0},
    {"x-max-length", NULL, 100000},    {"x-overflow", "reject-publish", 0},
};

static struct bus_queue queues[] = {
    {"command.test", command_arguments, 6, "test.commands", "test"},
    {"query.test", query_arguments, 2, "test.commands", "query"},
    {"tiny", tiny_arguments, 2, "test.commands", "tiny"},
    {"sink", NULL, 0, "test.events", "posts.*"},
    {"retry.test", retry_arguments, 6, "test.retry", ""},
    {QUEUE_DEAD_INTAKE, quorum_arguments, 1, EXCHANGE_DEAD, ""},
};

static const struct topology topology = {exchanges, ARRAY_COUNT(exchanges), queues,
                                         ARRAY_COUNT(queues)};

struct bus_world *world;
struct client *publisher;
struct client *consumer;

static struct client *new_client(const char *name)
{
    struct client *client = client_new(name);
    client->bus = bus_world_connect(world, name, &topology, &client_events, client);
    return client;
}

void bus_fixture_set_up(void)
{
    world = bus_world_new();
    publisher = new_client("publisher");
    consumer = new_client("consumer");
    consumer->is_acking = true;
}

void bus_fixture_tear_down(void)
{
    client_free(publisher);
    client_free(consumer);
    bus_world_free(world);
}

void come_up(void)
{
    await(publisher, consumer, bus_is_up(publisher->bus) && bus_is_up(consumer->bus));
}

void disconnect(struct client *client)
{
    unsigned downs = client->downs;
    await(client, NULL,
          client->downs > downs || bus_world_disconnect(world, client->bus, client->name));
    await(client, NULL, client->downs > downs);
}

struct bus_message message_to(const char *routing_key)
{
    return (struct bus_message){
        .exchange = "test.commands",
        .routing_key = routing_key,
        .message_id = "0190b5f0-0000-7000-8000-000000000001",
        .body = "{}",
        .body_size = 2,
    };
}

uint64_t publish(const struct bus_message *message)
{
    uint64_t sequence = 0;
    ck_assert(bus_publish(publisher->bus, message, &sequence));
    return sequence;
}

void publish_many(const char *routing_key, size_t count)
{
    struct bus_message message = message_to(routing_key);
    for (size_t i = 0; i < count; i++) {
        publish(&message);
    }
    await(publisher, NULL, publisher->confirmed_count >= count);
}

void expect_text(const char *expected, const char *actual)
{
    ck_assert_ptr_nonnull(actual);
    ck_assert_str_eq(expected, actual);
}
