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
static int64_t deadline_ms; /* as delivered; 0: none */
static char traceparent[64];

static void on_delivery(void *owner, struct bus *of, const struct bus_delivery *delivery)
{
    (void)owner;
    const struct bus_message *message = &delivery->message;
    delivered++;
    ck_assert_str_eq(message->message_id, MESSAGE_ID);
    ck_assert(message->is_persistent);
    for (size_t i = 0; i < message->header_count; i++) {
        const struct bus_header *header = &message->headers[i];
        if (strcmp(header->name, HEADER_DEADLINE) == 0) {
            ck_assert_int_eq(header->kind, BUS_INTEGER);
            deadline_ms = header->integer;
        } else {
            ck_assert_str_eq(header->name, HEADER_TRACEPARENT);
            (void)snprintf(traceparent, sizeof(traceparent), "%s", header->text);
        }
    }
    bus_ack(of, delivery->tag, false);
}

static void setup(void)
{
    static const struct bus_events events = {.on_delivery = on_delivery};
    delivered = 0;
    deadline_ms = 0;
    traceparent[0] = '\0';
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

static void send_command(const char *trace, int64_t deadline)
{
    uint64_t sequence;
    ck_assert(publication_send(&users_send_registration_notification_contract, MESSAGE_ID, "{}", 2,
                               trace, deadline, bus, &sequence));
    bus_poll(bus, 0);
    ck_assert_int_eq(delivered, 1);
}

START_TEST(carries_its_deadline)
{
    send_command(NULL, 1700000000123);

    ck_assert_int_eq(deadline_ms, 1700000000123);
    ck_assert_str_eq(traceparent, "");
}
END_TEST

START_TEST(carries_its_trace)
{
    send_command("00-1-2-01", 1);

    ck_assert_int_eq(deadline_ms, 1);
    ck_assert_str_eq(traceparent, "00-1-2-01");
}
END_TEST

START_TEST(carries_neither_where_there_is_none)
{
    send_command(NULL, 0);

    ck_assert_int_eq(deadline_ms, 0);
    ck_assert_str_eq(traceparent, "");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, carries_its_deadline);
    tcase_add_test(tests, carries_its_trace);
    tcase_add_test(tests, carries_neither_where_there_is_none);
}
CHECK_MAIN("service.publication", add_tests)
