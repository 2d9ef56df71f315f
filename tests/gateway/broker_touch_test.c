/* A session that is in use is noted, beside the calls that show it. */

#include <string.h>

#include "common/service/envelope.h"
#include "tests/gateway/broker_world.h"

#define SESSION "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static bool is_unattended;
static const struct bus_ops *publishing;

static bool publish_nothing(struct bus *bus, const struct bus_message *message, uint64_t *sequence)
{
    (void)bus;
    (void)message;
    (void)sequence;
    return false;
}

/* From now on nothing can be written to the broker. */
static void stop_publishing(void)
{
    static struct bus_ops ops;
    publishing = world.publisher->ops;
    ops = *publishing;
    ops.publish = publish_nothing;
    world.publisher->ops = &ops;
}

static void setup(void)
{
    is_unattended = false;
    world_setup();
    test_gateway.touch_contract = contract_find("sessions.touch", strlen("sessions.touch"));
    bus_add_consumer(world.service, "command.sessions.touch", 10);
    world_settle();
}

/* A request that comes with a session. */
static void ask(const char *message)
{
    struct call *call = world_prepare(message);
    call->is_unattended = is_unattended;
    call->headers[call->header_count++] =
        (struct bus_header){.name = HEADER_SESSION, .kind = BUS_TEXT, .text = SESSION};
    expect_ok(broker_call(world.broker, call, world.now_ms));
    world_settle();
}

static void answer(const char *content_type)
{
    const struct bus_message reply = {
        .exchange = "",
        .routing_key = world.got.reply_to,
        .correlation_id = world.got.correlation_id,
        .content_type = content_type,
        .body = "{}",
        .body_size = 2,
    };
    ck_assert(bus_publish(world.service, &reply, NULL));
    world_settle();
}

/* Both; how many messages the services get more. */
static int use(const char *message, const char *content_type)
{
    int before = world.got.count;
    ask(message);
    answer(content_type);
    return world.got.count - before - 1;
}

START_TEST(a_session_in_use_is_noted_once)
{
    ck_assert_int_eq(use("users.me", CONTENT_TYPE_JSON), 1);
    ck_assert(world.got.is_persistent);
    ck_assert_str_ne(world.got.reply_to, "");

    ck_assert_int_eq(use("users.me", CONTENT_TYPE_JSON), 0);
    ck_assert_int_eq(world.told.count, 2);
}
END_TEST

START_TEST(it_is_noted_again_after_five_minutes)
{
    ck_assert_int_eq(use("users.me", CONTENT_TYPE_JSON), 1);
    world_wait(300000);

    ck_assert_int_eq(use("users.me", CONTENT_TYPE_JSON), 1);
}
END_TEST

START_TEST(a_session_of_nobody_is_not_noted)
{
    ck_assert_int_eq(use("users.me", CONTENT_TYPE_PROBLEM), 0);
}
END_TEST

START_TEST(what_could_not_be_written_is_noted_by_the_next_request)
{
    ask("users.me");
    stop_publishing();
    answer(CONTENT_TYPE_JSON);
    world.publisher->ops = publishing;

    ck_assert_int_eq(use("users.me", CONTENT_TYPE_JSON), 1);
}
END_TEST

START_TEST(a_page_that_asks_by_itself_does_not_count_as_use)
{
    is_unattended = true;

    ck_assert_int_eq(use("users.me", CONTENT_TYPE_JSON), 0);
}
END_TEST

START_TEST(a_command_shows_it_too)
{
    ck_assert_int_eq(use("posts.delete", CONTENT_TYPE_JSON), 1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, a_session_in_use_is_noted_once);
    tcase_add_test(tests, it_is_noted_again_after_five_minutes);
    tcase_add_test(tests, a_session_of_nobody_is_not_noted);
    tcase_add_test(tests, what_could_not_be_written_is_noted_by_the_next_request);
    tcase_add_test(tests, a_page_that_asks_by_itself_does_not_count_as_use);
    tcase_add_test(tests, a_command_shows_it_too);
}
CHECK_MAIN("broker touch", add_tests)
