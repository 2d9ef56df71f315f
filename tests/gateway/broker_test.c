/* services/gateway/broker.h, on the bus in memory */

#include "services/gateway/broker.h"

#include <string.h>

#include "common/bus/memory_bus.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

enum { WAITING_MAX = 4 };

static struct memory_broker *memory;
static struct topology *topology;
static struct broker *broker;
static struct bus *publisher;
static struct bus *replies;
static struct bus *service; /* the other side */
static int64_t now_ms;

static struct request *request;
static struct {
    int count;
    enum call_outcome outcome;
    char body[64];
} told;

static struct {
    int count;
    uint64_t tag;
    char reply_to[64];
    char correlation_id[64];
    char message_id[64];
    char expiration[16];
    bool is_persistent;
} got;

static void on_outcome(void *owner, struct call *call, enum call_outcome outcome,
                       const struct bus_message *reply)
{
    (void)owner;
    (void)call;
    told.count++;
    told.outcome = outcome;
    ck_assert_int_eq(reply != NULL, outcome == CALL_REPLIED);
    if (reply != NULL) {
        (void)snprintf(told.body, sizeof(told.body), "%.*s", (int)reply->body_size,
                       (const char *)reply->body);
    }
}

static void copy(char *to, size_t size, const char *from)
{
    (void)snprintf(to, size, "%s", from == NULL ? "" : from);
}

static void on_message(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    (void)owner;
    (void)bus;
    const struct bus_message *message = &delivery->message;
    got.count++;
    got.tag = delivery->tag;
    got.is_persistent = message->is_persistent;
    copy(got.reply_to, sizeof(got.reply_to), message->reply_to);
    copy(got.correlation_id, sizeof(got.correlation_id), message->correlation_id);
    copy(got.message_id, sizeof(got.message_id), message->message_id);
    copy(got.expiration, sizeof(got.expiration), message->expiration);
}

/* Everybody does what there is to do. */
static void settle(void)
{
    struct pollfd fds[BROKER_FDS];
    for (int i = 0; i < 6; i++) {
        broker_poll_fds(broker, fds);
        broker_receive(broker, fds, now_ms);
        broker_send(broker, now_ms);
        bus_process(service);
    }
}

static void setup(void)
{
    static const struct bus_events service_events = {.on_delivery = on_message};
    memset(&told, 0, sizeof(told));
    memset(&got, 0, sizeof(got));
    now_ms = 1000000;
    log_configure("test", LOG_FORMAT_TEXT, LOG_ERROR);
    test_gateway_init();
    topology = topology_new(contracts, contract_count);
    memory = memory_broker_new();
    service = memory_bus_new(memory, topology, &service_events, NULL);
    bus_add_consumer(service, "query.users.me", 10);
    bus_add_consumer(service, "command.posts.delete", 10);
    bus_process(service);
    broker = broker_new(&test_gateway, WAITING_MAX, on_outcome, NULL);
    publisher = memory_bus_new(memory, topology, broker_publisher_events(), broker);
    replies = memory_bus_new(memory, topology, broker_replies_events(), broker);
    broker_attach(broker, publisher, replies);
    request = test_request("GET", "/api/me");
    settle();
    now_ms += 200;
}

static void teardown(void)
{
    broker_free(broker);
    bus_free(service);
    memory_broker_free(memory);
    topology_free(topology);
    request_free(request);
}

static struct call *prepare(const char *message)
{
    struct call *call = &request->call;
    memset(call, 0, sizeof(*call));
    call->contract = contract_find(message, strlen(message));
    strcpy(call->message_id, "01a20279-9e35-7ea5-96be-c865aa23bb8c");
    call->body = "{}";
    call->body_size = 2;
    return call;
}

static void send_call(const char *message)
{
    expect_ok(broker_call(broker, prepare(message), now_ms));
    settle();
}

static void send_reply(const char *correlation_id)
{
    const struct bus_message reply = {
        .exchange = "",
        .routing_key = got.reply_to,
        .correlation_id = correlation_id,
        .content_type = "application/json",
        .body = "{\"a\":1}",
        .body_size = 7,
    };
    ck_assert(bus_publish(service, &reply, NULL));
    settle();
}

static void wait_ms(int64_t ms)
{
    now_ms += ms;
    settle();
}

START_TEST(sends_a_query_and_tells_its_reply)
{
    send_call("users.me");
    ck_assert_int_eq(got.count, 1);
    ck_assert(!got.is_persistent);
    ck_assert_str_eq(got.expiration, "5000");
    ck_assert_int_eq(told.count, 0);

    send_reply(got.correlation_id);

    ck_assert_int_eq(told.count, 1);
    ck_assert_int_eq(told.outcome, CALL_REPLIED);
    ck_assert_str_eq(told.body, "{\"a\":1}");
}
END_TEST

START_TEST(sends_a_command_to_stay)
{
    send_call("posts.delete");

    ck_assert(got.is_persistent);
    ck_assert_str_eq(got.expiration, "");
    ck_assert_str_eq(got.message_id, "01a20279-9e35-7ea5-96be-c865aa23bb8c");
}
END_TEST

START_TEST(tells_an_outcome_once)
{
    send_call("users.me");

    send_reply(got.correlation_id);
    send_reply(got.correlation_id);
    wait_ms(6000);

    ck_assert_int_eq(told.count, 1);
}
END_TEST

START_TEST(ignores_replies_to_nobody)
{
    send_call("users.me");

    send_reply("00000000000000010123456789abcdef");
    send_reply("");

    ck_assert_int_eq(told.count, 0);
}
END_TEST

START_TEST(calls_a_query_without_an_answer_unavailable)
{
    send_call("users.me");

    wait_ms(4999);
    ck_assert_int_eq(told.count, 0);
    wait_ms(1);

    ck_assert_int_eq(told.count, 1);
    ck_assert_int_eq(told.outcome, CALL_UNAVAILABLE);
}
END_TEST

START_TEST(calls_a_command_without_an_answer_pending)
{
    send_call("posts.delete");

    wait_ms(5000);

    ck_assert_int_eq(told.count, 1);
    ck_assert_int_eq(told.outcome, CALL_PENDING);
}
END_TEST

START_TEST(sends_nothing_to_a_queue_without_consumers)
{
    send_call("posts.create");

    ck_assert_int_eq(told.outcome, CALL_UNAVAILABLE);
    ck_assert_int_eq(memory_broker_depth(memory, "command.posts.create"), 0);
    expect_err(ERR_UNAVAILABLE, broker_call(broker, prepare("posts.create"), now_ms));
}
END_TEST

START_TEST(notices_a_consumer_that_has_come)
{
    send_call("posts.create");
    bus_add_consumer(service, "command.posts.create", 10);
    settle();

    now_ms += 200;
    send_call("posts.create");

    ck_assert_int_eq(got.count, 1);
}
END_TEST

START_TEST(notices_a_consumer_that_has_gone)
{
    send_call("users.me");
    send_reply(got.correlation_id);
    bus_cancel_consumers(service);
    wait_ms(1000);

    expect_err(ERR_UNAVAILABLE, broker_call(broker, prepare("users.me"), now_ms));
}
END_TEST

START_TEST(asks_anew_for_a_queue_that_was_long_unused)
{
    wait_ms(60000);
    bus_cancel_consumers(service);
    settle();

    send_call("users.me");

    ck_assert_int_eq(told.outcome, CALL_UNAVAILABLE);
    ck_assert_int_eq(memory_broker_depth(memory, "query.users.me"), 0);
}
END_TEST

START_TEST(sends_nothing_while_the_broker_is_blocked)
{
    memory_broker_set_blocked(memory, true);
    settle();

    expect_err(ERR_UNAVAILABLE, broker_call(broker, prepare("users.me"), now_ms));
}
END_TEST

START_TEST(takes_on_no_more_calls_than_it_may)
{
    static struct call calls[WAITING_MAX + 1];
    for (size_t i = 0; i < WAITING_MAX + 1; i++) {
        calls[i] = *prepare("users.me");
    }
    for (size_t i = 0; i < WAITING_MAX; i++) {
        expect_ok(broker_call(broker, &calls[i], now_ms));
    }

    expect_err(ERR_UNAVAILABLE, broker_call(broker, &calls[WAITING_MAX], now_ms));
}
END_TEST

START_TEST(forgets_a_call_that_nobody_waits_for)
{
    send_call("users.me");
    broker_forget(broker, &request->call);

    send_reply(got.correlation_id);
    wait_ms(6000);

    ck_assert_int_eq(told.count, 0);
}
END_TEST

START_TEST(calls_a_message_that_comes_back_unavailable)
{
    expect_ok(broker_call(broker, prepare("posts.delete"), now_ms));
    settle();
    broker_forget(broker, &request->call);
    memory_broker_delete_queue(memory, "command.posts.delete");

    expect_ok(broker_call(broker, prepare("posts.delete"), now_ms));
    settle();

    ck_assert_int_eq(told.count, 1);
    ck_assert_int_eq(told.outcome, CALL_UNAVAILABLE);
}
END_TEST

START_TEST(sends_again_under_the_same_identity_after_a_loss)
{
    struct bus *const buses[] = {publisher, replies};
    send_call("posts.delete");

    memory_bus_disconnect(buses[_i], false);
    settle();

    ck_assert_int_eq(got.count, 2);
    ck_assert_str_eq(got.message_id, "01a20279-9e35-7ea5-96be-c865aa23bb8c");
    ck_assert_str_eq(got.reply_to, bus_reply_queue(replies));
    send_reply(got.correlation_id);
    ck_assert_int_eq(told.count, 1);
    ck_assert_int_eq(told.outcome, CALL_REPLIED);
}
END_TEST

START_TEST(calls_a_command_of_unknown_fate_pending_even_if_it_cannot_be_sent_again)
{
    send_call("posts.delete");

    memory_broker_set_blocked(memory, true);
    memory_bus_disconnect(publisher, false);
    settle();
    ck_assert_int_eq(told.count, 0);
    wait_ms(5000);

    ck_assert_int_eq(told.count, 1);
    ck_assert_int_eq(told.outcome, CALL_PENDING);
}
END_TEST

START_TEST(gives_up_as_if_the_time_were_over)
{
    send_call("posts.delete");

    broker_give_up(broker);

    ck_assert_int_eq(told.count, 1);
    ck_assert_int_eq(told.outcome, CALL_PENDING);
}
END_TEST

START_TEST(wakes_up_when_a_wait_ends)
{
    send_call("users.me");
    now_ms += 4900;

    ck_assert_int_le(broker_timeout_ms(broker, now_ms), 100);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, sends_a_query_and_tells_its_reply);
    tcase_add_test(tests, sends_a_command_to_stay);
    tcase_add_test(tests, tells_an_outcome_once);
    tcase_add_test(tests, ignores_replies_to_nobody);
    tcase_add_test(tests, calls_a_query_without_an_answer_unavailable);
    tcase_add_test(tests, calls_a_command_without_an_answer_pending);
    tcase_add_test(tests, sends_nothing_to_a_queue_without_consumers);
    tcase_add_test(tests, notices_a_consumer_that_has_come);
    tcase_add_test(tests, notices_a_consumer_that_has_gone);
    tcase_add_test(tests, asks_anew_for_a_queue_that_was_long_unused);
    tcase_add_test(tests, sends_nothing_while_the_broker_is_blocked);
    tcase_add_test(tests, takes_on_no_more_calls_than_it_may);
    tcase_add_test(tests, forgets_a_call_that_nobody_waits_for);
    tcase_add_test(tests, calls_a_message_that_comes_back_unavailable);
    tcase_add_loop_test(tests, sends_again_under_the_same_identity_after_a_loss, 0, 2);
    tcase_add_test(tests, calls_a_command_of_unknown_fate_pending_even_if_it_cannot_be_sent_again);
    tcase_add_test(tests, gives_up_as_if_the_time_were_over);
    tcase_add_test(tests, wakes_up_when_a_wait_ends);
}
CHECK_MAIN("gateway broker", add_tests)
