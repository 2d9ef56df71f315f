/* The AMQP bus against a peer that misbehaves: nothing blocks, nothing crashes, everything ends in
 * a new attempt. */

#include "common/bus/amqp_bus.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus_client.h"
#include "fake_peer.h"
#include "support/check_main.h"

enum { CONNECT_TIMEOUT_MS = 3000, NO_HEARTBEAT = 600 };

static struct fake_peer *peer;
static struct client *client;

static void open_bus(const char *url, unsigned heartbeat_seconds, unsigned connect_timeout_ms)
{
    const struct amqp_bus_options options = {
        .url = url,
        .connection_name = "client",
        .heartbeat_seconds = heartbeat_seconds,
        .has_confirms = true,
        .connect_timeout_ms = connect_timeout_ms,
    };
    client->bus = amqp_bus_new(&options, &client_events, client);
}

static void setup(void)
{
    peer = fake_peer_new("127.0.0.1");
    client = client_new("client");
}

static void teardown(void)
{
    client_free(client);
    fake_peer_free(peer);
}

static void connect_with(unsigned heartbeat_seconds)
{
    open_bus(peer->url, heartbeat_seconds, CONNECT_TIMEOUT_MS);
    await(client, NULL, fake_peer_accept(peer));
}

static void come_up(unsigned heartbeat_seconds)
{
    connect_with(heartbeat_seconds);
    fake_peer_add_handshake(peer, (uint16_t)heartbeat_seconds);
    fake_peer_send(peer, SIZE_MAX);
    await(client, NULL, bus_is_up(client->bus));
}

/* Milliseconds until the bus goes down; `is_alive`: the peer sends heartbeats meanwhile. */
static int64_t time_to_down(bool is_alive)
{
    int64_t start_ms = clock_monotonic_ms();
    int64_t beat_ms = start_ms;
    while (client->downs == 0) {
        if (is_alive && clock_monotonic_ms() - beat_ms > 300) {
            fake_peer_add_heartbeat(peer);
            fake_peer_send(peer, SIZE_MAX);
            beat_ms = clock_monotonic_ms();
        }
        bus_poll(client->bus, 50);
        ck_assert_int_lt(clock_monotonic_ms() - start_ms, CLIENT_WAIT_MS);
    }
    return clock_monotonic_ms() - start_ms;
}

static void expect_down(bool is_by_peer, const char *reason)
{
    ck_assert_uint_eq(client->downs, 1);
    ck_assert_msg(strstr(client->down_reason, reason) != NULL, "%s", client->down_reason);
    ck_assert_int_eq(client->is_down_by_peer, is_by_peer);
    ck_assert(!bus_is_up(client->bus));
}

START_TEST(comes_up_when_the_peer_says_all_it_should)
{
    come_up(NO_HEARTBEAT);

    ck_assert_uint_eq(client->ups, 1);
    ck_assert_uint_eq(client->downs, 0);
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

START_TEST(notices_a_silent_peer_within_two_heartbeats)
{
    come_up(1);

    int64_t time_ms = time_to_down(false);

    expect_down(false, "nothing heard");
    ck_assert_int_ge(time_ms, 1800);
    ck_assert_int_le(time_ms, 5000);
}
END_TEST

START_TEST(sends_heartbeats_when_it_has_nothing_to_say)
{
    come_up(1);
    fake_peer_read(peer);

    for (int beats = 0; beats < 3; beats++) {
        size_t before = peer->read_total;
        fake_peer_add_heartbeat(peer);
        fake_peer_send(peer, SIZE_MAX);
        await(client, NULL, (fake_peer_read(peer), peer->read_total > before));
        ck_assert_mem_eq(peer->in, "\x08\0\0\0\0\0\0\xce", 8);
    }
}
END_TEST

/* Publish until nothing more is taken; every call must return at once. */
static size_t publish_until_full(void)
{
    static char body[100 * 1024];
    const struct bus_message message = {
        .exchange = "", .routing_key = "q", .body = body, .body_size = sizeof(body)};
    size_t taken = 0;
    while (bus_publish(client->bus, &message, NULL)) {
        int64_t start_ms = clock_monotonic_ms();
        bus_poll(client->bus, 0);
        ck_assert_int_lt(clock_monotonic_ms() - start_ms, 500);
        taken++;
        ck_assert_uint_lt(taken, 1000);
    }
    return taken;
}

START_TEST(takes_no_more_when_the_peer_reads_nothing)
{
    come_up(NO_HEARTBEAT);

    size_t taken = publish_until_full();

    ck_assert_uint_gt(taken, 10);
    ck_assert_uint_gt(bus_unsent(client->bus), 1024 * 1024);
    ck_assert(bus_is_up(client->bus));
    ck_assert_int_ne(bus_wanted_events(client->bus) & POLLOUT, 0);
    await(client, NULL, (fake_peer_read(peer), bus_unsent(client->bus) == 0));
    const struct bus_message message = {.exchange = "", .routing_key = "q"};
    ck_assert(bus_publish(client->bus, &message, NULL));
}
END_TEST

START_TEST(gives_up_a_peer_that_reads_nothing_for_two_heartbeats)
{
    come_up(1);
    publish_until_full();

    int64_t time_ms = time_to_down(true);

    expect_down(false, "has read nothing");
    ck_assert_int_ge(time_ms, 1500);
    ck_assert_int_le(time_ms, 5000);
}
END_TEST

START_TEST(waits_for_a_peer_in_alarm_that_reads_nothing)
{
    come_up(1);
    publish_until_full();
    amqp_connection_blocked_t blocked = {.reason = amqp_cstring_bytes("low on memory")};
    fake_peer_add_method(peer, 0, AMQP_CONNECTION_BLOCKED_METHOD, &blocked);
    fake_peer_send(peer, SIZE_MAX);
    await(client, NULL, client->blocked == 1);

    int64_t end_ms = clock_monotonic_ms() + 3000;
    while (clock_monotonic_ms() < end_ms) {
        fake_peer_add_heartbeat(peer);
        fake_peer_send(peer, SIZE_MAX);
        bus_poll(client->bus, 300);
        bus_poll(client->bus, 300);
    }

    ck_assert_uint_eq(client->downs, 0);
}
END_TEST

START_TEST(takes_no_publication_while_blocked)
{
    come_up(NO_HEARTBEAT);
    const struct bus_message message = {.exchange = "", .routing_key = "q"};
    amqp_connection_blocked_t blocked = {.reason = amqp_cstring_bytes("low on memory")};
    fake_peer_add_method(peer, 0, AMQP_CONNECTION_BLOCKED_METHOD, &blocked);
    fake_peer_send(peer, SIZE_MAX);

    await(client, NULL, client->blocked == 1);
    ck_assert(bus_is_blocked(client->bus));
    ck_assert(!bus_publish(client->bus, &message, NULL));
    amqp_connection_unblocked_t unblocked = {0};
    fake_peer_add_method(peer, 0, AMQP_CONNECTION_UNBLOCKED_METHOD, &unblocked);
    fake_peer_send(peer, SIZE_MAX);
    await(client, NULL, client->unblocked == 1);

    ck_assert(!bus_is_blocked(client->bus));
    ck_assert(bus_publish(client->bus, &message, NULL));
}
END_TEST

START_TEST(gives_up_a_connection_that_never_comes_about)
{
    /* with its queue of one full, the listener's system answers no further attempt */
    struct fake_peer *full = fake_peer_new("127.0.0.1");
    struct client *fillers[8];
    for (size_t i = 0; i < ARRAY_COUNT(fillers); i++) {
        struct client *kept = client;
        fillers[i] = client = client_new("filler");
        open_bus(full->url, NO_HEARTBEAT, 60000);
        bus_poll(client->bus, 0);
        client = kept;
    }
    open_bus(full->url, NO_HEARTBEAT, 300);

    int64_t time_ms = time_to_down(false);

    ck_assert_int_ge(time_ms, 250);
    ck_assert_int_lt(time_ms, 2000);
    ck_assert(!client->is_down_by_peer);
    for (size_t i = 0; i < ARRAY_COUNT(fillers); i++) {
        client_free(fillers[i]);
    }
    fake_peer_free(full);
}
END_TEST

START_TEST(gives_up_a_peer_that_takes_the_connection_and_says_nothing)
{
    open_bus(peer->url, NO_HEARTBEAT, 300);

    int64_t time_ms = time_to_down(false);

    expect_down(false, "does not complete");
    ck_assert_int_lt(time_ms, 2000);
}
END_TEST

START_TEST(gives_up_a_peer_that_stops_half_way)
{
    open_bus(peer->url, NO_HEARTBEAT, 500);
    await(client, NULL, fake_peer_accept(peer));
    fake_peer_add_handshake(peer, 0);
    fake_peer_send(peer, 40);

    time_to_down(false);

    expect_down(false, "does not complete");
}
END_TEST

START_TEST(says_why_it_cannot_connect)
{
    struct fake_peer *gone = fake_peer_new("127.0.0.1");
    char url[64];
    strcpy(url, gone->url);
    fake_peer_free(gone);
    open_bus(url, NO_HEARTBEAT, CONNECT_TIMEOUT_MS);

    time_to_down(false);

    expect_down(false, "refused");
}
END_TEST

START_TEST(says_that_a_name_is_unknown)
{
    open_bus("amqp://no-such-host.invalid", NO_HEARTBEAT, 10000);

    time_to_down(false);

    expect_down(false, "no-such-host.invalid");
}
END_TEST

START_TEST(can_be_freed_while_a_name_is_looked_up)
{
    open_bus("amqp://no-such-host.invalid", NO_HEARTBEAT, 10000);
    bus_poll(client->bus, 0);
}
END_TEST

START_TEST(finds_localhost_by_name)
{
    char url[64];
    snprintf(url, sizeof(url), "amqp://localhost%s", strrchr(peer->url, ':'));
    open_bus(url, NO_HEARTBEAT, CONNECT_TIMEOUT_MS);

    await(client, NULL, fake_peer_accept(peer)); /* though ::1 refuses first on most machines */
}
END_TEST

START_TEST(connects_over_ipv6)
{
    struct fake_peer *six = fake_peer_new("[::1]");
    if (six == NULL) {
        return; /* a machine without IPv6 */
    }
    open_bus(six->url, NO_HEARTBEAT, CONNECT_TIMEOUT_MS);

    await(client, NULL, fake_peer_accept(six));

    fake_peer_free(six);
}
END_TEST

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

START_TEST(tries_again_after_a_peer_that_hangs_up)
{
    come_up(NO_HEARTBEAT);
    fake_peer_read(peer); /* else its system would reset the connection */

    fake_peer_hang_up(peer);
    time_to_down(false);
    expect_down(false, "hung up");

    await(client, NULL, fake_peer_accept(peer));
    peer->out_size = 0;
    fake_peer_add_handshake(peer, 0);
    fake_peer_send(peer, SIZE_MAX);
    await(client, NULL, client->ups == 2);
}
END_TEST

START_TEST(waits_longer_after_each_failure)
{
    connect_with(NO_HEARTBEAT);
    int64_t start_ms = clock_monotonic_ms();
    for (unsigned i = 1; i <= 4; i++) {
        fake_peer_hang_up(peer);
        await(client, NULL, client->downs == i);
        await(client, NULL, fake_peer_accept(peer));
    }

    /* half of 100 + 200 + 400 + 800 ms at least, all of them at most */
    ck_assert_int_ge(clock_monotonic_ms() - start_ms, 750);
    ck_assert_int_le(clock_monotonic_ms() - start_ms, 10000);
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

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, comes_up_when_the_peer_says_all_it_should);
    tcase_add_test(tests, reads_one_byte_at_a_time);
    tcase_add_test(tests, notices_a_silent_peer_within_two_heartbeats);
    tcase_add_test(tests, sends_heartbeats_when_it_has_nothing_to_say);
    tcase_add_test(tests, takes_no_more_when_the_peer_reads_nothing);
    tcase_add_test(tests, gives_up_a_peer_that_reads_nothing_for_two_heartbeats);
    tcase_add_test(tests, waits_for_a_peer_in_alarm_that_reads_nothing);
    tcase_add_test(tests, takes_no_publication_while_blocked);
    tcase_add_test(tests, gives_up_a_connection_that_never_comes_about);
    tcase_add_test(tests, gives_up_a_peer_that_takes_the_connection_and_says_nothing);
    tcase_add_test(tests, gives_up_a_peer_that_stops_half_way);
    tcase_add_test(tests, says_why_it_cannot_connect);
    tcase_add_test(tests, says_that_a_name_is_unknown);
    tcase_add_test(tests, can_be_freed_while_a_name_is_looked_up);
    tcase_add_test(tests, finds_localhost_by_name);
    tcase_add_test(tests, connects_over_ipv6);
    tcase_add_test(tests, refuses_a_peer_of_another_protocol);
    tcase_add_test(tests, refuses_a_frame_longer_than_agreed);
    tcase_add_test(tests, refuses_a_frame_without_its_end);
    tcase_add_test(tests, refuses_a_method_that_is_none);
    tcase_add_test(tests, refuses_content_out_of_turn);
    tcase_add_test(tests, tells_an_error_of_the_broker_from_its_going_down);
    tcase_add_test(tests, does_not_blame_a_broker_that_is_shut_down);
    tcase_add_test(tests, answers_a_close_before_it_hangs_up);
    tcase_add_test(tests, goes_down_with_its_channel);
    tcase_add_test(tests, tries_again_after_a_peer_that_hangs_up);
    tcase_add_test(tests, waits_longer_after_each_failure);
    tcase_add_test(tests, survives_properties_that_cannot_be_read);
    tcase_add_test(tests, keeps_nothing_of_a_body_that_claims_to_be_huge);
    tcase_add_test(tests, confirms_all_through_a_multiple_ack_once);
}
CHECK_MAIN("AMQP bus and its peer", add_tests)
