/* What a bus promises, tried on whichever bus_world is linked in. */

#include "bus_suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus_client.h"
#include "bus_world.h"

static const struct bus_exchange exchanges[] = {
    {"test.commands", "direct"},
    {"test.events", "topic"},
    {EXCHANGE_DEAD, "fanout"},
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

static struct bus_queue queues[] = {
    {"command.test", command_arguments, 6, "test.commands", "test"},
    {"query.test", query_arguments, 2, "test.commands", "query"},
    {"tiny", tiny_arguments, 2, "test.commands", "tiny"},
    {"sink", NULL, 0, "test.events", "posts.*"},
    {QUEUE_DEAD_INTAKE, quorum_arguments, 1, EXCHANGE_DEAD, ""},
};

static const struct topology topology = {exchanges, ARRAY_COUNT(exchanges), queues,
                                         ARRAY_COUNT(queues)};

static struct bus_world *world;
static struct client *publisher;
static struct client *consumer;

static struct client *connect(const char *name)
{
    struct client *client = client_new(name);
    client->bus = bus_world_connect(world, name, &topology, &client_events, client);
    return client;
}

static void setup(void)
{
    world = bus_world_new();
    publisher = connect("publisher");
    consumer = connect("consumer");
    consumer->is_acking = true;
}

static void teardown(void)
{
    client_free(publisher);
    client_free(consumer);
    bus_world_free(world);
}

static void come_up(void)
{
    await(publisher, consumer, bus_is_up(publisher->bus) && bus_is_up(consumer->bus));
}

static void disconnect(struct client *client)
{
    unsigned downs = client->downs;
    await(client, NULL,
          client->downs > downs || bus_world_disconnect(world, client->bus, client->name));
    await(client, NULL, client->downs > downs);
}

static struct bus_message message_to(const char *routing_key)
{
    return (struct bus_message){
        .exchange = "test.commands",
        .routing_key = routing_key,
        .message_id = "0190b5f0-0000-7000-8000-000000000001",
        .body = "{}",
        .body_size = 2,
    };
}

static uint64_t publish(const struct bus_message *message)
{
    uint64_t sequence = 0;
    ck_assert(bus_publish(publisher->bus, message, &sequence));
    return sequence;
}

static void publish_many(const char *routing_key, size_t count)
{
    struct bus_message message = message_to(routing_key);
    for (size_t i = 0; i < count; i++) {
        publish(&message);
    }
    await(publisher, NULL, publisher->confirmed_count >= count);
}

static void expect_text(const char *expected, const char *actual)
{
    ck_assert_ptr_nonnull(actual);
    ck_assert_str_eq(expected, actual);
}

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

START_TEST(delivers_what_was_published)
{
    bus_add_consumer(consumer->bus, "command.test", 10);
    come_up();
    const struct bus_header headers[] = {
        {.name = "user_id", .kind = BUS_INTEGER, .integer = INT64_C(-9007199254740993)},
        {.name = "language", .kind = BUS_TEXT, .text = "ru, en;q=0.5 ü"},
        {.name = "replayed", .kind = BUS_BOOLEAN, .integer = 1},
        {.name = "empty", .kind = BUS_TEXT, .text = ""},
    };
    struct bus_message message = {
        .exchange = "test.commands",
        .routing_key = "test",
        .type = "posts.create",
        .content_type = "application/json",
        .message_id = "0190b5f0-0000-7000-8000-000000000001",
        .correlation_id = "any text",
        .reply_to = "some.queue",
        .expiration = "60000",
        .timestamp = 1700000000,
        .headers = headers,
        .header_count = ARRAY_COUNT(headers),
        .body = "{\"a\":\"\0\"}",
        .body_size = 9,
        .is_persistent = true,
        .is_mandatory = true,
    };

    publish(&message);
    await(publisher, consumer, consumer->delivery_count == 1);

    const struct bus_delivery *delivery = &consumer->deliveries[0].delivery;
    const struct bus_message *got = &delivery->message;
    expect_text("command.test", delivery->queue);
    ck_assert(!delivery->is_redelivered);
    ck_assert_int_eq(delivery->delivery_count, 0);
    expect_text("test.commands", got->exchange);
    expect_text("test", got->routing_key);
    expect_text("posts.create", got->type);
    expect_text("application/json", got->content_type);
    expect_text(message.message_id, got->message_id);
    expect_text("any text", got->correlation_id);
    expect_text("some.queue", got->reply_to);
    expect_text("60000", got->expiration);
    ck_assert_int_eq(got->timestamp, 1700000000);
    ck_assert(got->is_persistent);
    ck_assert(!got->is_malformed && !got->is_too_large);
    ck_assert_uint_eq(got->body_size, message.body_size);
    ck_assert_mem_eq(got->body, message.body, message.body_size);
    ck_assert_uint_eq(got->header_count, ARRAY_COUNT(headers));
    ck_assert_int_eq(client_header(consumer, 0, "user_id")->kind, BUS_INTEGER);
    ck_assert_int_eq(client_header(consumer, 0, "user_id")->integer, headers[0].integer);
    ck_assert_int_eq(client_header(consumer, 0, "language")->kind, BUS_TEXT);
    expect_text(headers[1].text, client_header(consumer, 0, "language")->text);
    ck_assert_int_eq(client_header(consumer, 0, "replayed")->kind, BUS_BOOLEAN);
    ck_assert_int_eq(client_header(consumer, 0, "replayed")->integer, 1);
    expect_text("", client_header(consumer, 0, "empty")->text);
}
END_TEST

START_TEST(leaves_absent_what_was_absent)
{
    bus_add_consumer(consumer->bus, "query.test", 10);
    come_up();
    struct bus_message message = {.exchange = "test.commands", .routing_key = "query"};

    publish(&message);
    await(publisher, consumer, consumer->delivery_count == 1);

    const struct bus_message *got = &consumer->deliveries[0].delivery.message;
    ck_assert_ptr_null(got->type);
    ck_assert_ptr_null(got->content_type);
    ck_assert_ptr_null(got->message_id);
    ck_assert_ptr_null(got->correlation_id);
    ck_assert_ptr_null(got->reply_to);
    ck_assert_ptr_null(got->expiration);
    ck_assert_int_eq(got->timestamp, 0);
    ck_assert_uint_eq(got->header_count, 0);
    ck_assert_uint_eq(got->body_size, 0);
    ck_assert_ptr_nonnull(got->body);
    ck_assert(!got->is_persistent);
}
END_TEST

START_TEST(delivers_in_the_order_of_publication)
{
    bus_add_consumer(consumer->bus, "query.test", 0);
    come_up();

    for (int i = 0; i < 500; i++) {
        char body[16];
        struct bus_message message = message_to("query");
        message.body = body;
        message.body_size = (size_t)snprintf(body, sizeof(body), "%d", i);
        publish(&message);
    }
    await(publisher, consumer, consumer->delivery_count == 500);

    for (int i = 0; i < 500; i++) {
        ck_assert_int_eq(atoi(consumer->deliveries[i].delivery.message.body), i);
    }
}
END_TEST

START_TEST(confirms_every_publication_once)
{
    come_up();
    uint64_t sequences[200];

    for (size_t i = 0; i < 200; i++) {
        struct bus_message message = message_to(i % 2 == 0 ? "test" : "query");
        sequences[i] = publish(&message);
    }
    await(publisher, NULL, publisher->confirmed_count == 200);
    client_round_trip(publisher);

    ck_assert_uint_eq(publisher->confirmed_count, 200);
    for (size_t i = 0; i < 200; i++) {
        size_t found = 0;
        for (size_t j = 0; j < 200; j++) {
            found += publisher->confirmed[j] == sequences[i] ? 1 : 0;
        }
        ck_assert_uint_eq(found, 1);
    }
}
END_TEST

START_TEST(returns_what_no_queue_takes_and_then_confirms_it)
{
    come_up();
    const char *const ids[] = {"routed-1", "lost-1", "routed-2", "lost-2", "routed-3"};
    uint64_t sequences[5];

    for (size_t i = 0; i < 5; i++) {
        struct bus_message message = message_to(ids[i][0] == 'r' ? "test" : "nobody");
        message.message_id = ids[i];
        message.is_mandatory = true;
        sequences[i] = publish(&message);
    }
    await(publisher, NULL, publisher->confirmed_count == 5); /* the client checks the order */

    ck_assert_uint_eq(publisher->returned_count, 2);
    ck_assert_uint_eq(publisher->returned[0], sequences[1]);
    ck_assert_uint_eq(publisher->returned[1], sequences[3]);
}
END_TEST

START_TEST(tells_returned_messages_apart_though_they_are_equal)
{
    come_up();
    struct bus_message message = message_to("nobody");
    message.message_id = NULL;
    message.is_mandatory = true;
    uint64_t first = publish(&message);
    message.is_mandatory = false;
    publish(&message);
    message.is_mandatory = true;
    uint64_t last = publish(&message);

    await(publisher, NULL, publisher->confirmed_count == 3);

    ck_assert_uint_eq(publisher->returned_count, 2);
    ck_assert_uint_eq(publisher->returned[0], first);
    ck_assert_uint_eq(publisher->returned[1], last);
}
END_TEST

START_TEST(refuses_what_a_full_queue_rejects)
{
    come_up();
    struct bus_message message = message_to("tiny");
    publish(&message);
    await(publisher, NULL, publisher->confirmed_count == 1);

    uint64_t second = publish(&message);
    await(publisher, NULL, publisher->refused_count == 1);

    ck_assert_uint_eq(publisher->refused[0], second);
    ck_assert_uint_eq(publisher->confirmed_count, 1);
}
END_TEST

START_TEST(refuses_what_amqp_cannot_carry)
{
    come_up();
    char text[BUS_SHORT_TEXT_MAX + 2];
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    struct bus_header headers[BUS_HEADERS_MAX + 1];
    for (size_t i = 0; i < ARRAY_COUNT(headers); i++) {
        headers[i] = (struct bus_header){.name = "h", .kind = BUS_INTEGER};
    }

    struct bus_message long_text = message_to("test");
    long_text.correlation_id = text;
    struct bus_message many_headers = message_to("test");
    many_headers.headers = headers;
    many_headers.header_count = ARRAY_COUNT(headers);

    ck_assert(!bus_publish(publisher->bus, &long_text, NULL));
    ck_assert(!bus_publish(publisher->bus, &many_headers, NULL));
    long_text.correlation_id = text + 1;
    many_headers.header_count--;
    ck_assert(bus_publish(publisher->bus, &long_text, NULL));
    ck_assert(bus_publish(publisher->bus, &many_headers, NULL));
    await(publisher, NULL, publisher->confirmed_count == 2);
}
END_TEST

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

START_TEST(routes_events_by_topic)
{
    bus_add_consumer(consumer->bus, "sink", 10);
    come_up();
    const char *const keys[] = {"users.registered", "posts.created", "posts", "posts.a.b",
                                "posts.deleted"};

    for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
        struct bus_message message = message_to(keys[i]);
        message.exchange = "test.events";
        publish(&message);
    }
    await(publisher, consumer, consumer->delivery_count == 2);
    client_round_trip(consumer);

    ck_assert_uint_eq(consumer->delivery_count, 2);
    expect_text("posts.created", consumer->deliveries[0].delivery.message.routing_key);
    expect_text("posts.deleted", consumer->deliveries[1].delivery.message.routing_key);
}
END_TEST

START_TEST(throws_away_what_has_expired)
{
    come_up();
    struct bus_message message = message_to("query");
    message.expiration = "1";
    publish(&message);
    await(publisher, NULL, publisher->confirmed_count == 1);
    int64_t published_ms = clock_monotonic_ms();
    await(publisher, consumer, clock_monotonic_ms() > published_ms + 5);
    message.expiration = NULL;
    message.type = "fresh";
    publish(&message);
    await(publisher, NULL, publisher->confirmed_count == 2);

    bus_add_consumer(consumer->bus, "query.test", 10);
    await(publisher, consumer, consumer->delivery_count > 0);

    expect_text("fresh", consumer->deliveries[0].delivery.message.type);
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
    ck_assert_int_eq(count_of(publisher, "tiny"), 0);
    ck_assert_uint_eq(publisher->downs, 0);
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

static void publish_body(const char *routing_key, size_t size)
{
    char *body = malloc(size + 1);
    for (size_t i = 0; i < size; i++) {
        body[i] = (char)(i * 31 + i / 251);
    }
    struct bus_message message = message_to(routing_key);
    message.body = body;
    message.body_size = size;
    message.correlation_id = "large";
    publish(&message);
    free(body);
}

START_TEST(carries_a_body_of_the_greatest_size)
{
    bus_add_consumer(consumer->bus, "command.test", 10);
    come_up();

    publish_body("test", BUS_BODY_MAX);
    await(publisher, consumer, consumer->delivery_count == 1);

    const struct bus_message *got = &consumer->deliveries[0].delivery.message;
    ck_assert(!got->is_too_large);
    ck_assert_uint_eq(got->body_size, BUS_BODY_MAX);
    const char *body = got->body;
    size_t same = 0;
    while (same < BUS_BODY_MAX && body[same] == (char)(same * 31 + same / 251)) {
        same++;
    }
    ck_assert_uint_eq(same, BUS_BODY_MAX);
}
END_TEST

START_TEST(carries_bodies_around_the_size_of_a_frame)
{
    bus_add_consumer(consumer->bus, "query.test", 100);
    come_up();
    const size_t sizes[] = {1, 4095, 4096, 131063, 131064, 131065, 262128, 262129};

    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        publish_body("query", sizes[i]);
    }
    await(publisher, consumer, consumer->delivery_count == ARRAY_COUNT(sizes));

    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        const struct bus_message *got = &consumer->deliveries[i].delivery.message;
        ck_assert_uint_eq(got->body_size, sizes[i]);
        size_t last = sizes[i] - 1;
        ck_assert(((const char *)got->body)[last] == (char)(last * 31 + last / 251));
    }
}
END_TEST

START_TEST(throws_away_a_body_that_is_too_large)
{
    bus_add_consumer(consumer->bus, "query.test", 10);
    come_up();

    publish_body("query", BUS_BODY_MAX + 1);
    publish_body("query", 10);
    await(publisher, consumer, consumer->delivery_count == 2);

    const struct bus_message *got = &consumer->deliveries[0].delivery.message;
    ck_assert(got->is_too_large);
    ck_assert_ptr_null(got->body);
    ck_assert_uint_eq(got->body_size, 0);
    expect_text("large", got->correlation_id);
    ck_assert(!consumer->deliveries[1].delivery.message.is_too_large);
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

void bus_suite_add(TCase *tests)
{
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, connects_by_itself_and_says_so_once);
    tcase_add_test(tests, publishes_nothing_while_down);
    tcase_add_test(tests, delivers_what_was_published);
    tcase_add_test(tests, leaves_absent_what_was_absent);
    tcase_add_test(tests, delivers_in_the_order_of_publication);
    tcase_add_test(tests, confirms_every_publication_once);
    tcase_add_test(tests, returns_what_no_queue_takes_and_then_confirms_it);
    tcase_add_test(tests, tells_returned_messages_apart_though_they_are_equal);
    tcase_add_test(tests, refuses_what_a_full_queue_rejects);
    tcase_add_test(tests, refuses_what_amqp_cannot_carry);
    tcase_add_test(tests, has_no_more_in_hand_than_the_prefetch);
    tcase_add_test(tests, acks_a_whole_prefix_at_once);
    tcase_add_test(tests, delivers_again_what_was_given_back);
    tcase_add_test(tests, makes_a_dead_letter_of_what_comes_back_too_often);
    tcase_add_test(tests, hands_what_is_refused_for_good_to_the_dead_letters);
    tcase_add_test(tests, routes_events_by_topic);
    tcase_add_test(tests, throws_away_what_has_expired);
    tcase_add_test(tests, brings_replies_to_a_queue_of_its_own);
    tcase_add_test(tests, opens_a_reply_queue_on_a_connection_that_is_up);
    tcase_add_test(tests, names_the_reply_queue_anew_on_each_connection);
    tcase_add_test(tests, comes_back_and_delivers_again_what_was_not_acked);
    tcase_add_test(tests, ignores_tags_of_earlier_connections);
    tcase_add_test(tests, never_gives_a_sequence_twice);
    tcase_add_test(tests, takes_nothing_more_once_its_consumers_are_cancelled);
    tcase_add_test(tests, does_not_consume_again_after_a_drain);
    tcase_add_test(tests, counts_the_consumers_of_a_queue);
    tcase_add_test(tests, answers_several_questions_after_consumers);
    tcase_add_test(tests, tells_when_a_consumer_is_ended_by_the_broker);
    tcase_add_test(tests, carries_a_body_of_the_greatest_size);
    tcase_add_test(tests, carries_bodies_around_the_size_of_a_frame);
    tcase_add_test(tests, throws_away_a_body_that_is_too_large);
    tcase_add_test(tests, lets_a_callback_publish_and_ack);
    tcase_add_test(tests, says_goodbye_and_stays_down);
    tcase_add_test(tests, stays_down_when_an_argument_differs);
    tcase_add_test(tests, stays_usable_though_an_exchange_is_missing);
}
