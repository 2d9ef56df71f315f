/* What outgoing messages look like on the wire. */

#include "common/service/publication.h"

#include <stdio.h>
#include <string.h>

#include "common/bus/memory_bus.h"
#include "common/service/envelope.h"
#include "contracts/users_send_registration_notification.h"
#include "tests/support/check_main.h"

#define MESSAGE_ID "0190a7f0-0000-7000-8000-000000000001"

static struct memory_broker *broker;
static struct topology *topology;
static struct bus *bus;
static int delivered;
static struct publication publication;
static size_t header_count; /* as delivered */
static struct bus_header headers[BUS_HEADERS_MAX];
static char texts[BUS_HEADERS_MAX][64];

/* The same name for as long as we like. */
static const char *known_name(const char *name)
{
    static const char *const known[] = {HEADER_USER_ID,  HEADER_CLIENT_ADDRESS,
                                        HEADER_LANGUAGE, HEADER_TRACEPARENT,
                                        HEADER_DEADLINE, HEADER_IDEMPOTENCY_KEY};
    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        if (strcmp(known[i], name) == 0) {
            return known[i];
        }
    }
    ck_abort_msg("a header called %s", name);
}

static void on_delivery(void *owner, struct bus *of, const struct bus_delivery *delivery)
{
    (void)owner;
    const struct bus_message *message = &delivery->message;
    delivered++;
    ck_assert_str_eq(message->message_id, MESSAGE_ID);
    ck_assert(message->is_persistent);
    header_count = message->header_count;
    for (size_t i = 0; i < header_count; i++) {
        headers[i] = message->headers[i];
        headers[i].name = known_name(message->headers[i].name);
        (void)snprintf(texts[i], sizeof(texts[i]), "%s",
                       headers[i].kind == BUS_TEXT ? headers[i].text : "");
        headers[i].text = texts[i];
    }
    bus_ack(of, delivery->tag, false);
}

static void setup(void)
{
    static const struct bus_events events = {.on_delivery = on_delivery};
    delivered = 0;
    header_count = 0;
    publication = (struct publication){
        .contract = &users_send_registration_notification_contract,
        .message_id = MESSAGE_ID,
        .body = "{}",
        .body_size = 2,
    };
    broker = memory_broker_new();
    topology = topology_new(contracts, contract_count);
    bus = memory_bus_new(broker, topology, &events, NULL);
    bus_add_consumer(bus, users_send_registration_notification_contract.queue, 1);
    bus_poll(bus, 0);
}

static void teardown(void)
{
    bus_free(bus);
    memory_broker_free(broker);
    topology_free(topology);
}

static void send_command(void)
{
    uint64_t sequence;
    ck_assert(publication_send(&publication, bus, &sequence));
    bus_poll(bus, 0);
    ck_assert_int_eq(delivered, 1);
}

static void expect_integer(const char *name, int64_t value)
{
    ck_assert_uint_eq(header_count, 1);
    ck_assert_str_eq(headers[0].name, name);
    ck_assert_int_eq(headers[0].kind, BUS_INTEGER);
    ck_assert_int_eq(headers[0].integer, value);
}

static void expect_text(const char *name, const char *text)
{
    ck_assert_uint_eq(header_count, 1);
    ck_assert_str_eq(headers[0].name, name);
    ck_assert_int_eq(headers[0].kind, BUS_TEXT);
    ck_assert_str_eq(headers[0].text, text);
}

START_TEST(carries_its_deadline)
{
    publication.deadline_ms = 1700000000123;

    send_command();

    expect_integer(HEADER_DEADLINE, 1700000000123);
}
END_TEST

START_TEST(carries_its_user)
{
    publication.user_id = 7;

    send_command();

    expect_integer(HEADER_USER_ID, 7);
}
END_TEST

START_TEST(carries_its_trace)
{
    publication.traceparent = "00-1-2-01";

    send_command();

    expect_text(HEADER_TRACEPARENT, "00-1-2-01");
}
END_TEST

START_TEST(carries_its_language)
{
    publication.language = "de, en;q=0.5";

    send_command();

    expect_text(HEADER_LANGUAGE, "de, en;q=0.5");
}
END_TEST

START_TEST(carries_its_address)
{
    publication.client_address = "192.0.2.1";

    send_command();

    expect_text(HEADER_CLIENT_ADDRESS, "192.0.2.1");
}
END_TEST

START_TEST(carries_its_key)
{
    publication.idempotency_key = "00ff";

    send_command();

    expect_text(HEADER_IDEMPOTENCY_KEY, "00ff");
}
END_TEST

START_TEST(carries_nothing_where_there_is_nothing)
{
    send_command();

    ck_assert_uint_eq(header_count, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, carries_its_deadline);
    tcase_add_test(tests, carries_its_user);
    tcase_add_test(tests, carries_its_trace);
    tcase_add_test(tests, carries_its_language);
    tcase_add_test(tests, carries_its_address);
    tcase_add_test(tests, carries_its_key);
    tcase_add_test(tests, carries_nothing_where_there_is_nothing);
}
CHECK_MAIN("service.publication", add_tests)
