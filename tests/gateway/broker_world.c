/* The broker on the bus in memory. */

#include "tests/gateway/broker_world.h"

#include <string.h>

enum { PREFETCH = 10 };

struct world world;

static void on_outcome(void *owner, struct call *call, enum call_outcome outcome,
                       const struct bus_message *reply)
{
    (void)owner;
    world.told.call = call;
    world.told.count++;
    world.told.outcome = outcome;
    ck_assert_int_eq(reply != NULL, outcome == CALL_REPLIED);
    if (reply != NULL) {
        (void)snprintf(world.told.body, sizeof(world.told.body), "%.*s", (int)reply->body_size,
                       (const char *)reply->body);
    }
}

static void copy(char *to, size_t size, const char *from)
{
    (void)snprintf(to, size, "%s", from == NULL ? "" : from);
}

static void on_message(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    (void)owner;
    (void)bus;
    const struct bus_message *message = &delivery->message;
    world.got.count++;
    world.got.is_persistent = message->is_persistent;
    copy(world.got.reply_to, sizeof(world.got.reply_to), message->reply_to);
    copy(world.got.correlation_id, sizeof(world.got.correlation_id), message->correlation_id);
    copy(world.got.message_id, sizeof(world.got.message_id), message->message_id);
    copy(world.got.expiration, sizeof(world.got.expiration), message->expiration);
}

void world_settle(void)
{
    struct pollfd fds[BROKER_FDS];
    for (int i = 0; i < 6; i++) {
        broker_poll_fds(world.broker, fds);
        broker_receive(world.broker, fds, world.now_ms);
        broker_send(world.broker, world.now_ms);
        bus_process(world.service);
    }
}

void world_setup(void)
{
    static const struct bus_events service_events = {.on_delivery = on_message};
    const struct admission_limits limits = {.in_flight_max = WORLD_IN_FLIGHT_MAX,
                                            .route_in_flight_max = WORLD_IN_FLIGHT_MAX};
    memset(&world, 0, sizeof(world));
    world.now_ms = 1000000;
    log_configure("test", LOG_FORMAT_TEXT, LOG_ERROR);
    test_gateway_init();
    world.topology = topology_new(contracts, contract_count);
    world.memory = memory_broker_new();
    world.service = memory_bus_new(world.memory, world.topology, &service_events, NULL);
    bus_add_consumer(world.service, "query.users.me", PREFETCH);
    bus_add_consumer(world.service, "command.posts.delete", PREFETCH);
    bus_process(world.service);
    world.broker = broker_new(&test_gateway, &limits, on_outcome, NULL);
    world.publisher =
        memory_bus_new(world.memory, world.topology, broker_publisher_events(), world.broker);
    world.replies =
        memory_bus_new(world.memory, world.topology, broker_replies_events(), world.broker);
    broker_attach(world.broker, world.publisher, world.replies);
    world.request = test_request("GET", "/api/me");
    world_settle();
    world.now_ms += 200;
}

void world_teardown(void)
{
    broker_free(world.broker);
    bus_free(world.service);
    memory_broker_free(world.memory);
    topology_free(world.topology);
    request_free(world.request);
}

struct call *world_prepare(const char *message)
{
    struct call *call = &world.request->call;
    memset(call, 0, sizeof(*call));
    call->contract = contract_find(message, strlen(message));
    strcpy(call->message_id, "01a20279-9e35-7ea5-96be-c865aa23bb8c");
    call->body = "{}";
    call->body_size = 2;
    return call;
}

void world_send(const char *message)
{
    expect_ok(broker_call(world.broker, world_prepare(message), world.now_ms));
    world_settle();
}

void world_reply(const char *correlation_id)
{
    const struct bus_message reply = {
        .exchange = "",
        .routing_key = world.got.reply_to,
        .correlation_id = correlation_id,
        .content_type = "application/json",
        .body = "{\"a\":1}",
        .body_size = 7,
    };
    ck_assert(bus_publish(world.service, &reply, NULL));
    world_settle();
}

void world_wait(int64_t ms)
{
    world.now_ms += ms;
    world_settle();
}

static void do_nothing(struct bus *bus)
{
    (void)bus;
}

void world_silence(struct bus *bus)
{
    static struct bus_ops ops;
    ops = *bus->ops;
    ops.process = do_nothing;
    bus->ops = &ops;
}
