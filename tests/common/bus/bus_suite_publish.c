/* What a bus promises of publications. */

#include "bus_suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus_fixture.h"

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

void bus_suite_add_publish(TCase *tests)
{
    tcase_add_test(tests, delivers_what_was_published);
    tcase_add_test(tests, leaves_absent_what_was_absent);
    tcase_add_test(tests, delivers_in_the_order_of_publication);
    tcase_add_test(tests, confirms_every_publication_once);
    tcase_add_test(tests, returns_what_no_queue_takes_and_then_confirms_it);
    tcase_add_test(tests, tells_returned_messages_apart_though_they_are_equal);
    tcase_add_test(tests, refuses_what_a_full_queue_rejects);
    tcase_add_test(tests, refuses_what_amqp_cannot_carry);
    tcase_add_test(tests, routes_events_by_topic);
    tcase_add_test(tests, throws_away_what_has_expired);
    tcase_add_test(tests, carries_a_body_of_the_greatest_size);
    tcase_add_test(tests, carries_bodies_around_the_size_of_a_frame);
    tcase_add_test(tests, throws_away_a_body_that_is_too_large);
}
