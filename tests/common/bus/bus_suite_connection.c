/* What a bus promises of its connection: up, down, up again. */

#include "bus_suite.h"

#include <stdlib.h>
#include <string.h>

#include "bus_fixture.h"

START_TEST(connects_by_itself_and_says_so_once)
{
    come_up();

    ck_assert_uint_eq(publisher->ups, 1);
    ck_assert_uint_eq(publisher->downs, 0);
}
END_TEST

START_TEST(publishes_nothing_while_down)
{
    struct bus_message message = message_to("test");

    ck_assert(!bus_publish(publisher->bus, &message, NULL));
}
END_TEST

START_TEST(names_the_reply_queue_anew_on_each_connection)
{
    bus_add_reply_queue(consumer->bus, 0);
    come_up();
    char before[256];
    strcpy(before, consumer->reply_queue);

    disconnect(consumer);
    ck_assert_ptr_null(bus_reply_queue(consumer->bus));
    await(consumer, NULL, consumer->ups == 2);

    ck_assert_str_ne(before, consumer->reply_queue);
    ck_assert_str_ne("", consumer->reply_queue);
}
END_TEST

START_TEST(comes_back_and_delivers_again_what_was_not_acked)
{
    consumer->is_acking = false;
    bus_add_consumer(consumer->bus, "command.test", 10);
    come_up();
    publish_many("test", 2);
    await(consumer, NULL, consumer->delivery_count == 2);
    bus_ack(consumer->bus, consumer->deliveries[0].delivery.tag, false);
    client_round_trip(consumer);

    disconnect(consumer);
    ck_assert(!bus_is_up(consumer->bus));
    await(consumer, NULL, consumer->ups == 2 && consumer->delivery_count >= 3);

    const struct bus_delivery *again = &consumer->deliveries[2].delivery;
    ck_assert(again->is_redelivered);
    ck_assert_int_eq(again->delivery_count, 1);
    ck_assert(!consumer->is_down_by_peer);
    ck_assert_str_ne(consumer->down_reason, "");
}
END_TEST

START_TEST(ignores_tags_of_earlier_connections)
{
    consumer->is_acking = false;
    bus_add_consumer(consumer->bus, "command.test", 1);
    come_up();
    publish_many("test", 2);
    await(consumer, NULL, consumer->delivery_count == 1);
    uint64_t stale = consumer->deliveries[0].delivery.tag;
    disconnect(consumer);
    await(consumer, NULL, consumer->delivery_count == 2);

    bus_ack(consumer->bus, stale, true);
    bus_requeue(consumer->bus, stale);
    bus_dead_letter(consumer->bus, stale);
    client_round_trip(consumer);

    ck_assert_uint_eq(consumer->delivery_count, 2);
    ck_assert_uint_eq(consumer->downs, 1);
    bus_ack(consumer->bus, consumer->deliveries[1].delivery.tag, false);
    await(consumer, NULL, consumer->delivery_count == 3);
}
END_TEST

START_TEST(never_gives_a_sequence_twice)
{
    come_up();
    struct bus_message message = message_to("test");
    uint64_t before = publish(&message);
    await(publisher, NULL, publisher->confirmed_count == 1);

    disconnect(publisher);
    await(publisher, NULL, bus_is_up(publisher->bus));
    uint64_t after = publish(&message);
    await(publisher, NULL, publisher->confirmed_count == 2);

    ck_assert_uint_gt(after, before);
    ck_assert_uint_eq(publisher->confirmed[1], after);
}
END_TEST

START_TEST(tells_when_a_consumer_is_ended_by_the_broker)
{
    bus_add_consumer(consumer->bus, "query.test", 1);
    come_up();
    client_round_trip(consumer);

    bus_world_delete_queue(world, "query.test");
    await(consumer, NULL, consumer->downs == 1);

    ck_assert_str_eq(consumer->cancelled_queue, "query.test");
    await(consumer, NULL, consumer->ups == 2); /* and the queue is there again */
    publish_many("query", 1);
    await(consumer, NULL, consumer->delivery_count == 1);
}
END_TEST

START_TEST(says_goodbye_and_stays_down)
{
    consumer->is_acking = false;
    bus_add_consumer(consumer->bus, "command.test", 10);
    come_up();
    publish_many("test", 1);
    await(consumer, NULL, consumer->delivery_count == 1);

    struct bus_message message = message_to("query");
    ck_assert(bus_publish(consumer->bus, &message, NULL));
    bus_close(consumer->bus, 5000);

    ck_assert(!bus_is_up(consumer->bus));
    ck_assert(!bus_publish(consumer->bus, &message, NULL));
    publisher->is_acking = true;
    bus_add_consumer(publisher->bus, "command.test", 10); /* what was in hand goes to others */
    bus_add_consumer(publisher->bus, "query.test", 10);   /* what was buffered was sent */
    await(publisher, consumer, publisher->delivery_count == 2);
    ck_assert(!bus_is_up(consumer->bus));
    ck_assert_uint_eq(consumer->downs, 0);
}
END_TEST

START_TEST(stays_down_when_an_argument_differs)
{
    come_up();
    static const struct bus_argument other[] = {{"x-max-length", NULL, 2},
                                                {"x-overflow", "reject-publish", 0}};
    struct bus_queue changed[] = {{"tiny", other, 2, NULL, NULL}};
    const struct topology differing = {NULL, 0, changed, 1};
    struct client *client = client_new("differing");
    client->bus = bus_world_connect(world, "differing", &differing, &client_events, client);

    await(client, NULL, client->downs == 1);

    ck_assert(client->is_down_by_peer);
    ck_assert_ptr_nonnull(strstr(client->down_reason, "406"));
    ck_assert_uint_eq(client->ups, 0);
    client_free(client);
}
END_TEST

START_TEST(stays_usable_though_an_exchange_is_missing)
{
    come_up();
    struct bus_message message = message_to("test");
    message.exchange = "no.such.exchange";

    ck_assert(bus_publish(publisher->bus, &message, NULL));
    await(publisher, NULL, publisher->downs == 1);

    ck_assert(publisher->is_down_by_peer);
    ck_assert_uint_eq(publisher->confirmed_count, 0);
    await(publisher, NULL, bus_is_up(publisher->bus));
    publish_many("test", 1);
}
END_TEST

void bus_suite_add_connection(TCase *tests)
{
    tcase_add_test(tests, connects_by_itself_and_says_so_once);
    tcase_add_test(tests, publishes_nothing_while_down);
    tcase_add_test(tests, names_the_reply_queue_anew_on_each_connection);
    tcase_add_test(tests, comes_back_and_delivers_again_what_was_not_acked);
    tcase_add_test(tests, ignores_tags_of_earlier_connections);
    tcase_add_test(tests, never_gives_a_sequence_twice);
    tcase_add_test(tests, tells_when_a_consumer_is_ended_by_the_broker);
    tcase_add_test(tests, says_goodbye_and_stays_down);
    tcase_add_test(tests, stays_down_when_an_argument_differs);
    tcase_add_test(tests, stays_usable_though_an_exchange_is_missing);
}
