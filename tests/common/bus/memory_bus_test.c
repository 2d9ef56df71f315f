/* The bus in memory: the common suite, and what it can be told to do. */

#include "common/bus/memory_bus.h"

#include <stdlib.h>

#include "bus_client.h"
#include "bus_suite.h"
#include "bus_world.h"
#include "support/check_main.h"

struct bus_world {
    struct memory_broker *broker;
};

struct bus_world *bus_world_new(void)
{
    struct bus_world *world = malloc(sizeof(*world));
    world->broker = memory_broker_new();
    return world;
}

void bus_world_free(struct bus_world *world)
{
    memory_broker_free(world->broker);
    free(world);
}

struct bus *bus_world_connect(struct bus_world *world, const char *name,
                              const struct topology *topology, const struct bus_events *events,
                              void *owner)
{
    (void)name;
    return memory_bus_new(world->broker, topology, events, owner);
}

bool bus_world_disconnect(struct bus_world *world, struct bus *bus, const char *name)
{
    (void)world;
    (void)name;
    memory_bus_disconnect(bus, false);
    return true;
}

void bus_world_delete_queue(struct bus_world *world, const char *queue)
{
    memory_broker_delete_queue(world->broker, queue);
}

static struct bus_queue queues[] = {{.name = "query.test"}};
static const struct topology topology = {NULL, 0, queues, 1};

static struct memory_broker *broker;
static struct client *client;

static void setup(void)
{
    broker = memory_broker_new();
    client = client_new("client");
    client->bus = memory_bus_new(broker, &topology, &client_events, client);
    bus_poll(client->bus, 0);
}

static void teardown(void)
{
    client_free(client);
    memory_broker_free(broker);
}

static const struct bus_message hello = {.exchange = "", .routing_key = "query.test"};

START_TEST(takes_no_publication_while_the_broker_is_in_alarm)
{
    memory_broker_set_blocked(broker, true);
    bus_poll(client->bus, 0);

    ck_assert(bus_is_blocked(client->bus));
    ck_assert(!bus_publish(client->bus, &hello, NULL));
    memory_broker_set_blocked(broker, false);
    bus_poll(client->bus, 0);

    ck_assert_uint_eq(client->blocked, 1);
    ck_assert_uint_eq(client->unblocked, 1);
    ck_assert(bus_publish(client->bus, &hello, NULL));
}
END_TEST

START_TEST(tells_how_many_messages_are_ready)
{
    ck_assert_int_eq(memory_broker_depth(broker, "query.test"), 0);

    ck_assert(bus_publish(client->bus, &hello, NULL));

    ck_assert_int_eq(memory_broker_depth(broker, "query.test"), 1);
    ck_assert_int_eq(memory_broker_depth(broker, "none"), -1);
}
END_TEST

START_TEST(is_disconnected_by_the_peer_when_told_so)
{
    memory_bus_disconnect(client->bus, true);
    ck_assert(!bus_publish(client->bus, &hello, NULL));
    bus_poll(client->bus, 0);

    ck_assert_uint_eq(client->downs, 1);
    ck_assert(client->is_down_by_peer);
    ck_assert(!bus_is_up(client->bus));
    bus_poll(client->bus, 0);
    ck_assert(bus_is_up(client->bus));
}
END_TEST

START_TEST(loses_the_connection_over_a_foul_reply_address)
{
    struct bus_message reply = hello;
    reply.routing_key = "amq.rabbitmq.reply-to.gone.xx";

    ck_assert(bus_publish(client->bus, &reply, NULL));
    bus_poll(client->bus, 0);

    ck_assert(client->is_down_by_peer);
}
END_TEST

START_TEST(delivers_as_malformed_what_was_published_so)
{
    bus_add_consumer(client->bus, "query.test", 1);
    struct bus_message message = hello;
    message.is_malformed = true;

    ck_assert(bus_publish(client->bus, &message, NULL));
    bus_poll(client->bus, 0);

    ck_assert(client->deliveries[0].delivery.message.is_malformed);
}
END_TEST

START_TEST(says_whether_a_poll_would_do_anything)
{
    ck_assert_int_gt(bus_timeout_ms(client->bus), 0);

    ck_assert(bus_publish(client->bus, &hello, NULL));

    ck_assert_int_eq(bus_timeout_ms(client->bus), 0);
    bus_poll(client->bus, 0);
    ck_assert_int_gt(bus_timeout_ms(client->bus), 0);
    ck_assert_int_eq(bus_fd(client->bus), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory bus");
    suite_add_tcase(suite, bus_suite_new());
    TCase *own = tcase_create("own");
    tcase_add_checked_fixture(own, setup, teardown);
    tcase_add_test(own, takes_no_publication_while_the_broker_is_in_alarm);
    tcase_add_test(own, tells_how_many_messages_are_ready);
    tcase_add_test(own, is_disconnected_by_the_peer_when_told_so);
    tcase_add_test(own, loses_the_connection_over_a_foul_reply_address);
    tcase_add_test(own, delivers_as_malformed_what_was_published_so);
    tcase_add_test(own, says_whether_a_poll_would_do_anything);
    suite_add_tcase(suite, own);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
