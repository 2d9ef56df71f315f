/* The AMQP bus and a peer that is slow, silent, in alarm or not there: nothing blocks, all ends in
 * a new attempt. */

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "peer_fixture.h"
#include "support/check_main.h"

START_TEST(comes_up_when_the_peer_says_all_it_should)
{
    come_up(NO_HEARTBEAT);

    ck_assert_uint_eq(client->ups, 1);
    ck_assert_uint_eq(client->downs, 0);
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

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, peer_set_up, peer_tear_down);
    tcase_add_test(tests, comes_up_when_the_peer_says_all_it_should);
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
    tcase_add_test(tests, tries_again_after_a_peer_that_hangs_up);
    tcase_add_test(tests, waits_longer_after_each_failure);
}
CHECK_MAIN("AMQP bus and its peer", add_tests)
