/* The AMQP bus and a peer that says odd things. */

#include <string.h>

#include "peer_fixture.h"
#include "support/check_main.h"

static void expect_down_by_bytes(const void *bytes, size_t size)
{
    fake_peer_add(peer, bytes, size);
    fake_peer_send(peer, SIZE_MAX);
    time_to_down(false);
    expect_down(true, "");
}

START_TEST(refuses_a_peer_of_another_protocol)
{
    connect_with(NO_HEARTBEAT);

    expect_down_by_bytes("HTTP/1.1 400 Bad Request\r\n\r\n", 28);
    ck_assert_ptr_nonnull(strstr(client->down_reason, "AMQP"));
}
END_TEST

START_TEST(refuses_a_frame_longer_than_agreed)
{
    come_up(NO_HEARTBEAT);

    expect_down_by_bytes("\x03\0\x01\x7f\xff\xff\xff", 7);
}
END_TEST

START_TEST(refuses_a_frame_without_its_end)
{
    come_up(NO_HEARTBEAT);

    expect_down_by_bytes("\x08\0\0\0\0\0\0\xcd", 8);
}
END_TEST

START_TEST(refuses_a_method_that_is_none)
{
    come_up(NO_HEARTBEAT);

    expect_down_by_bytes("\x01\0\x01\0\0\0\x04\xde\xad\xbe\xef\xce", 12);
}
END_TEST

START_TEST(refuses_content_out_of_turn)
{
    come_up(NO_HEARTBEAT);

    expect_down_by_bytes("\x03\0\x01\0\0\0\x01x\xce", 9);
}
END_TEST

static void be_closed_with(uint16_t code, const char *text)
{
    amqp_connection_close_t method = {.reply_code = code, .reply_text = amqp_cstring_bytes(text)};
    fake_peer_add_method(peer, 0, AMQP_CONNECTION_CLOSE_METHOD, &method);
    fake_peer_send(peer, SIZE_MAX);
    time_to_down(false);
}

START_TEST(tells_an_error_of_the_broker_from_its_going_down)
{
    come_up(NO_HEARTBEAT);

    be_closed_with(541, "INTERNAL_ERROR");

    expect_down(true, "541 INTERNAL_ERROR");
}
END_TEST

START_TEST(does_not_blame_a_broker_that_is_shut_down)
{
    come_up(NO_HEARTBEAT);

    be_closed_with(320, "CONNECTION_FORCED - shutdown");

    expect_down(false, "320 CONNECTION_FORCED");
}
END_TEST

START_TEST(answers_a_close_before_it_hangs_up)
{
    come_up(NO_HEARTBEAT);
    fake_peer_read(peer);

    be_closed_with(541, "INTERNAL_ERROR");
    fake_peer_read(peer);

    ck_assert_mem_eq(peer->in, "\x01\0\0\0\0\0\x04\0\x0a\0\x33\xce", 12);
}
END_TEST

START_TEST(goes_down_with_its_channel)
{
    come_up(NO_HEARTBEAT);
    amqp_channel_close_t method = {.reply_code = 404,
                                   .reply_text = amqp_cstring_bytes("NOT_FOUND - no exchange")};
    fake_peer_add_method(peer, 1, AMQP_CHANNEL_CLOSE_METHOD, &method);
    fake_peer_send(peer, SIZE_MAX);

    time_to_down(false);

    expect_down(true, "404 NOT_FOUND");
}
END_TEST

START_TEST(survives_properties_that_cannot_be_read)
{
    open_bus(peer->url, NO_HEARTBEAT, CONNECT_TIMEOUT_MS);
    bus_add_consumer(client->bus, "q", 10);
    await(client, NULL, fake_peer_accept(peer));
    fake_peer_add_handshake(peer, 0);
    /* headers: a table of 6 bytes with a value of no known kind; then the message id */
    static const char foul[] = "\x20\x80\0\0\0\x06\x03key\x01\x02\x02id";
    fake_peer_add_delivery(peer, "q", 1, foul, sizeof(foul) - 1, "x", 1);
    /* a table that claims more than there is */
    fake_peer_add_delivery(peer, "q", 2, "\x20\0\xff\xff\xff\xff\x01k", 8, "y", 1);
    fake_peer_add_delivery(peer, "q", 3, "", 0, "z", 1);
    fake_peer_add_delivery(peer, "q", 4, "\0\0", 2, "fine", 4);
    fake_peer_send(peer, SIZE_MAX);

    await(client, NULL, client->delivery_count == 4);

    for (size_t i = 0; i < 3; i++) {
        ck_assert(client->deliveries[i].delivery.message.is_malformed);
        ck_assert_uint_eq(client->deliveries[i].delivery.message.body_size, 1);
    }
    ck_assert_str_eq(client->deliveries[0].delivery.message.message_id, "id");
    ck_assert(!client->deliveries[3].delivery.message.is_malformed);
    ck_assert_uint_eq(client->downs, 0);
}
END_TEST

START_TEST(keeps_nothing_of_a_body_that_claims_to_be_huge)
{
    open_bus(peer->url, NO_HEARTBEAT, CONNECT_TIMEOUT_MS);
    bus_add_consumer(client->bus, "q", 10);
    await(client, NULL, fake_peer_accept(peer));
    fake_peer_add_handshake(peer, 0);
    fake_peer_add_delivery(peer, "q", 1, "\0\0", 2, "a beginning", UINT64_MAX);
    fake_peer_send(peer, SIZE_MAX);
    await(client, NULL, client->ups == 1);
    bus_poll(client->bus, 0);

    ck_assert_uint_eq(client->downs, 0);
    ck_assert_uint_eq(client->delivery_count, 0);
}
END_TEST

START_TEST(confirms_all_through_a_multiple_ack_once)
{
    come_up(NO_HEARTBEAT);
    const struct bus_message message = {.exchange = "", .routing_key = "q"};
    for (int i = 0; i < 5; i++) {
        ck_assert(bus_publish(client->bus, &message, NULL));
    }
    amqp_basic_ack_t second = {.delivery_tag = 2};
    fake_peer_add_method(peer, 1, AMQP_BASIC_ACK_METHOD, &second);
    amqp_basic_nack_t third = {.delivery_tag = 3, .multiple = 1};
    fake_peer_add_method(peer, 1, AMQP_BASIC_NACK_METHOD, &third);
    amqp_basic_ack_t rest = {.delivery_tag = 5, .multiple = 1};
    fake_peer_add_method(peer, 1, AMQP_BASIC_ACK_METHOD, &rest);
    fake_peer_send(peer, SIZE_MAX);

    await(client, NULL, client->confirmed_count + client->refused_count == 5);

    const uint64_t confirmed[] = {2, 4, 5};
    const uint64_t refused[] = {1, 3};
    ck_assert_mem_eq(client->confirmed, confirmed, sizeof(confirmed));
    ck_assert_mem_eq(client->refused, refused, sizeof(refused));
}
END_TEST

START_TEST(reads_one_byte_at_a_time)
{
    open_bus(peer->url, NO_HEARTBEAT, CONNECT_TIMEOUT_MS);
    bus_add_consumer(client->bus, "q", 10);
    await(client, NULL, fake_peer_accept(peer));
    fake_peer_add_handshake(peer, 0);
    fake_peer_add_delivery(peer, "q", 1, "\0\0", 2, "hello", 5);

    while (peer->out_size > 0) {
        fake_peer_send(peer, 1);
        bus_poll(client->bus, 0);
    }
    await(client, NULL, client->delivery_count == 1);

    ck_assert_uint_eq(client->deliveries[0].delivery.message.body_size, 5);
    ck_assert_str_eq(client->deliveries[0].delivery.message.body, "hello");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, peer_set_up, peer_tear_down);
    tcase_add_test(tests, refuses_a_peer_of_another_protocol);
    tcase_add_test(tests, refuses_a_frame_longer_than_agreed);
    tcase_add_test(tests, refuses_a_frame_without_its_end);
    tcase_add_test(tests, refuses_a_method_that_is_none);
    tcase_add_test(tests, refuses_content_out_of_turn);
    tcase_add_test(tests, tells_an_error_of_the_broker_from_its_going_down);
    tcase_add_test(tests, does_not_blame_a_broker_that_is_shut_down);
    tcase_add_test(tests, answers_a_close_before_it_hangs_up);
    tcase_add_test(tests, goes_down_with_its_channel);
    tcase_add_test(tests, survives_properties_that_cannot_be_read);
    tcase_add_test(tests, keeps_nothing_of_a_body_that_claims_to_be_huge);
    tcase_add_test(tests, confirms_all_through_a_multiple_ack_once);
    tcase_add_test(tests, reads_one_byte_at_a_time);
}
CHECK_MAIN("AMQP bus and its protocol", add_tests)
