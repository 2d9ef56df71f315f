/* What a bus promises of deliveries, replies and consumers. */

#include "bus_suite.h"

#include <string.h>

#include "bus_fixture.h"

START_TEST(has_no_more_in_hand_than_the_prefetch)
{
    consumer->is_acking = false;
    bus_add_consumer(consumer->bus, "command.test", 3);
    come_up();

    publish_many("test", 10);
    await(consumer, NULL, consumer->delivery_count == 3);
    client_round_trip(consumer);

    ck_assert_uint_eq(consumer->delivery_count, 3);
    bus_ack(consumer->bus, consumer->deliveries[0].delivery.tag, false);
    await(consumer, NULL, consumer->delivery_count == 4);
    client_round_trip(consumer);
    ck_assert_uint_eq(consumer->delivery_count, 4);
}
END_TEST

START_TEST(acks_a_whole_prefix_at_once)
{
    consumer->is_acking = false;
    bus_add_consumer(consumer->bus, "command.test", 3);
    come_up();
    publish_many("test", 9);
    await(consumer, NULL, consumer->delivery_count == 3);

    bus_ack(consumer->bus, consumer->deliveries[2].delivery.tag, true);
    await(consumer, NULL, consumer->delivery_count == 6);
    bus_ack(consumer->bus, consumer->deliveries[4].delivery.tag, true);
    await(consumer, NULL, consumer->delivery_count == 8);
    client_round_trip(consumer);

    ck_assert_uint_eq(consumer->delivery_count, 8);
}
END_TEST

START_TEST(delivers_again_what_was_given_back)
{
    consumer->is_acking = false;
    bus_add_consumer(consumer->bus, "command.test", 1);
    come_up();
    publish_many("test", 1);
    await(consumer, NULL, consumer->delivery_count == 1);

    bus_requeue(consumer->bus, consumer->deliveries[0].delivery.tag);
    await(consumer, NULL, consumer->delivery_count == 2);

    const struct bus_delivery *again = &consumer->deliveries[1].delivery;
    ck_assert(again->is_redelivered);
    ck_assert_int_eq(again->delivery_count, 1);
    ck_assert_uint_gt(again->tag, consumer->deliveries[0].delivery.tag);
}
END_TEST

static void give_back(struct client *client, const struct bus_delivery *delivery)
{
    bus_requeue(client->bus, delivery->tag);
}

START_TEST(makes_a_dead_letter_of_what_comes_back_too_often)
{
    consumer->is_acking = false;
    consumer->on_delivery = give_back;
    bus_add_consumer(consumer->bus, "command.test", 1);
    bus_add_consumer(publisher->bus, QUEUE_DEAD_INTAKE, 10);
    come_up();

    publish_many("test", 1);
    await(publisher, consumer, publisher->delivery_count == 1);

    ck_assert_uint_eq(consumer->delivery_count, 3); /* its delivery limit is 2 */
    expect_text("delivery_limit", client_header(publisher, 0, "x-first-death-reason")->text);
}
END_TEST

START_TEST(hands_what_is_refused_for_good_to_the_dead_letters)
{
    consumer->is_acking = false;
    bus_add_consumer(consumer->bus, "command.test", 1);
    bus_add_consumer(publisher->bus, QUEUE_DEAD_INTAKE, 10);
    come_up();
    publish_many("test", 1);
    await(publisher, consumer, consumer->delivery_count == 1);

    bus_dead_letter(consumer->bus, consumer->deliveries[0].delivery.tag);
    await(publisher, consumer, publisher->delivery_count == 1);

    const struct bus_message *dead = &publisher->deliveries[0].delivery.message;
    expect_text(EXCHANGE_DEAD, dead->exchange);
    expect_text("test", dead->routing_key);
    ck_assert_mem_eq(dead->body, "{}", 2);
    expect_text("command.test", client_header(publisher, 0, "x-first-death-queue")->text);
    expect_text("rejected", client_header(publisher, 0, "x-first-death-reason")->text);
    ck_assert_int_eq(client_header(publisher, 0, "x-death")->kind, BUS_OTHER);
}
END_TEST

START_TEST(brings_replies_to_a_queue_of_its_own)
{
    bus_add_reply_queue(consumer->bus, 0);
    come_up();
    ck_assert_str_ne(consumer->reply_queue, "");
    ck_assert_str_eq(consumer->reply_queue, bus_reply_queue(consumer->bus));
    struct bus_message message = message_to(consumer->reply_queue);
    message.exchange = "";
    message.correlation_id = "the one";

    publish(&message);
    await(publisher, consumer, consumer->delivery_count == 1);

    const struct bus_delivery *reply = &consumer->deliveries[0].delivery;
    expect_text("the one", reply->message.correlation_id);
    expect_text(consumer->reply_queue, reply->queue);
    ck_assert_uint_eq(reply->tag, 0); /* and the client has acked it: nothing happened */
    client_round_trip(consumer);
    ck_assert_uint_eq(consumer->downs, 0);
}
END_TEST

START_TEST(opens_a_reply_queue_on_a_connection_that_is_up)
{
    come_up();
    ck_assert_ptr_null(bus_reply_queue(consumer->bus));

    bus_add_reply_queue(consumer->bus, 0);
    await(consumer, NULL, bus_reply_queue(consumer->bus) != NULL);
    struct bus_message message = message_to(bus_reply_queue(consumer->bus));
    message.exchange = "";
    publish(&message);

    await(publisher, consumer, consumer->delivery_count == 1);
}
END_TEST

START_TEST(takes_nothing_more_once_its_consumers_are_cancelled)
{
    consumer->is_acking = false;
    bus_add_consumer(consumer->bus, "command.test", 2);
    bus_add_reply_queue(consumer->bus, 0);
    come_up();
    publish_many("test", 5);
    await(consumer, NULL, consumer->delivery_count == 2);

    bus_cancel_consumers(consumer->bus);
    bus_ack(consumer->bus, consumer->deliveries[1].delivery.tag, true);
    client_round_trip(consumer);
    client_round_trip(consumer);

    ck_assert_uint_eq(consumer->delivery_count, 2);
    struct bus_message reply = message_to(consumer->reply_queue);
    reply.exchange = "";
    publish(&reply);
    await(publisher, consumer, consumer->delivery_count == 3);
    publisher->is_acking = true;
    bus_add_consumer(publisher->bus, "command.test", 10);
    await(publisher, consumer, publisher->delivery_count == 3); /* the three it left */
}
END_TEST

START_TEST(does_not_consume_again_after_a_drain)
{
    bus_add_consumer(consumer->bus, "query.test", 2);
    come_up();
    bus_cancel_consumers(consumer->bus);
    disconnect(consumer);
    await(consumer, NULL, consumer->ups == 2);

    publish_many("query", 1);
    client_round_trip(consumer);

    ck_assert_uint_eq(consumer->delivery_count, 0);
}
END_TEST

static int64_t count_of(struct client *client, const char *queue)
{
    unsigned before = client->counts;
    bus_count_consumers(client->bus, queue);
    await(client, NULL, client->counts > before);
    ck_assert_str_eq(client->counted_queue, queue);
    return client->consumers;
}

START_TEST(counts_the_consumers_of_a_queue)
{
    bus_add_consumer(consumer->bus, "query.test", 1);
    bus_add_consumer(publisher->bus, "query.test", 1);
    come_up();
    client_round_trip(consumer);

    await(consumer, publisher, count_of(publisher, "query.test") == 2);
    ck_assert_int_eq(count_of(publisher, "tiny"), 0);
    ck_assert_int_eq(count_of(publisher, "no.such.queue"), -1);
    ck_assert_int_eq(publisher->messages, -1);
    ck_assert_int_eq(count_of(publisher, "tiny"), 0);
    ck_assert_uint_eq(publisher->downs, 0);
}
END_TEST

START_TEST(counts_the_messages_that_wait_in_a_queue)
{
    come_up();
    ck_assert_int_eq(count_of(publisher, "query.test"), 0);
    ck_assert_int_eq(publisher->messages, 0);

    publish_many("query", 3);

    ck_assert_int_eq(count_of(publisher, "query.test"), 0);
    ck_assert_int_eq(publisher->messages, 3);
}
END_TEST

static void publish_report(void)
{
    struct bus_message report = message_to("");
    report.exchange = "test.reports";
    publish(&report);
}

START_TEST(brings_what_goes_to_an_exchange_to_the_reply_queue_as_well)
{
    bus_add_reply_queue(consumer->bus, 0);
    bus_bind_reply_queue(consumer->bus, "test.reports");
    come_up();
    client_round_trip(consumer);

    publish_report();
    await(publisher, consumer, consumer->delivery_count == 1);

    expect_text("test.reports", consumer->deliveries[0].delivery.message.exchange);
    disconnect(consumer);
    await(consumer, NULL, consumer->ups == 2);
    client_round_trip(consumer);
    publish_report();
    await(publisher, consumer, consumer->delivery_count == 2);
}
END_TEST

START_TEST(binds_a_reply_queue_that_is_open)
{
    bus_add_reply_queue(consumer->bus, 0);
    come_up();
    await(consumer, NULL, bus_reply_queue(consumer->bus) != NULL);

    bus_bind_reply_queue(consumer->bus, "test.reports");
    for (int i = 0; i < 100 && consumer->delivery_count == 0; i++) {
        publish_report();
        client_round_trip(publisher);
        client_round_trip(consumer);
    }

    ck_assert_uint_gt(consumer->delivery_count, 0);
}
END_TEST

START_TEST(answers_several_questions_after_consumers)
{
    come_up();

    bus_count_consumers(publisher->bus, "no.such.queue");
    bus_count_consumers(publisher->bus, "tiny");
    bus_count_consumers(publisher->bus, "no.other.queue");
    bus_count_consumers(publisher->bus, "query.test");

    await(publisher, NULL, publisher->counts == 4);
    ck_assert_str_eq(publisher->counted_queue, "query.test");
    ck_assert_int_eq(publisher->consumers, 0);
}
END_TEST

static void pass_on(struct client *client, const struct bus_delivery *delivery)
{
    struct bus_message reply = message_to("query");
    reply.correlation_id = delivery->message.message_id;
    ck_assert(bus_publish(client->bus, &reply, NULL));
    bus_ack(client->bus, delivery->tag, false);
}

START_TEST(lets_a_callback_publish_and_ack)
{
    consumer->is_acking = false;
    consumer->on_delivery = pass_on;
    publisher->is_acking = true;
    bus_add_consumer(consumer->bus, "command.test", 1);
    bus_add_consumer(publisher->bus, "query.test", 10);
    come_up();

    for (int i = 0; i < 20; i++) {
        struct bus_message message = message_to("test");
        publish(&message);
    }
    await(publisher, consumer, publisher->delivery_count == 20);

    ck_assert_uint_eq(bus_unsent(consumer->bus), 0);
}
END_TEST

static struct bus_message put_off(const char *expiration)
{
    struct bus_message message = message_to("query.test");
    message.exchange = "test.retry";
    message.expiration = expiration;
    message.is_persistent = true;
    message.is_mandatory = true;
    return message;
}

/* How long the message took to come back. */
static int64_t wait_of(const struct bus_message *message)
{
    bus_add_consumer(consumer->bus, "query.test", 10);
    come_up();
    int64_t start_ms = clock_monotonic_ms();
    publish(message);
    await(publisher, consumer, consumer->delivery_count == 1);
    return clock_monotonic_ms() - start_ms;
}

START_TEST(gives_back_what_was_put_off_to_the_queue_it_names)
{
    const struct bus_message message = put_off("150");

    int64_t waited_ms = wait_of(&message);

    ck_assert_int_ge(waited_ms, 150);
    ck_assert_uint_eq(publisher->confirmed_count, 1);
    ck_assert_uint_eq(publisher->returned_count, 0);
    const struct bus_delivery *delivery = &consumer->deliveries[0].delivery;
    ck_assert(!delivery->is_redelivered);
    ck_assert_ptr_null(delivery->message.expiration);
    expect_text("", delivery->message.exchange);
    expect_text("query.test", delivery->message.routing_key);
    expect_text(message.message_id, delivery->message.message_id);
    expect_text("expired", client_header(consumer, 0, "x-first-death-reason")->text);
}
END_TEST

START_TEST(puts_nothing_off_for_longer_than_its_queue_allows)
{
    const struct bus_message message = put_off("600000");

    int64_t waited_ms = wait_of(&message);

    ck_assert_int_ge(waited_ms, RETRY_WAIT_MAX_MS);
    ck_assert_int_lt(waited_ms, CLIENT_WAIT_MS);
}
END_TEST

START_TEST(puts_off_again_what_was_put_off_before)
{
    const struct bus_message message = put_off("20");
    (void)wait_of(&message);

    publish(&message);
    await(publisher, consumer, consumer->delivery_count == 2);
    publish(&message);
    await(publisher, consumer, consumer->delivery_count == 3);
}
END_TEST

void bus_suite_add_consume(TCase *tests)
{
    tcase_add_test(tests, has_no_more_in_hand_than_the_prefetch);
    tcase_add_test(tests, acks_a_whole_prefix_at_once);
    tcase_add_test(tests, delivers_again_what_was_given_back);
    tcase_add_test(tests, makes_a_dead_letter_of_what_comes_back_too_often);
    tcase_add_test(tests, hands_what_is_refused_for_good_to_the_dead_letters);
    tcase_add_test(tests, brings_replies_to_a_queue_of_its_own);
    tcase_add_test(tests, opens_a_reply_queue_on_a_connection_that_is_up);
    tcase_add_test(tests, takes_nothing_more_once_its_consumers_are_cancelled);
    tcase_add_test(tests, does_not_consume_again_after_a_drain);
    tcase_add_test(tests, counts_the_consumers_of_a_queue);
    tcase_add_test(tests, counts_the_messages_that_wait_in_a_queue);
    tcase_add_test(tests, brings_what_goes_to_an_exchange_to_the_reply_queue_as_well);
    tcase_add_test(tests, binds_a_reply_queue_that_is_open);
    tcase_add_test(tests, answers_several_questions_after_consumers);
    tcase_add_test(tests, lets_a_callback_publish_and_ack);
    tcase_add_test(tests, gives_back_what_was_put_off_to_the_queue_it_names);
    tcase_add_test(tests, puts_nothing_off_for_longer_than_its_queue_allows);
    tcase_add_test(tests, puts_off_again_what_was_put_off_before);
}
