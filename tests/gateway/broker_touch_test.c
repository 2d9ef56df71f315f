/* A session that is in use is noted, beside the calls that show it. */

#include <string.h>

#include "common/service/envelope.h"
#include "tests/gateway/broker_world.h"

#define SESSION "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void setup(void)
{
    world_setup();
    test_gateway.touch_contract = contract_find("sessions.touch", strlen("sessions.touch"));
    bus_add_consumer(world.service, "command.sessions.touch", 10);
    world_settle();
}

/* A request that comes with a session, and its answer; how many messages the services get more. */
static int use(const char *message, const char *content_type)
{
    int before = world.got.count;
    struct call *call = world_prepare(message);
    call->headers[call->header_count++] =
        (struct bus_header){.name = HEADER_SESSION, .kind = BUS_TEXT, .text = SESSION};
    expect_ok(broker_call(world.broker, call, world.now_ms));
    world_settle();
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
    tcase_add_test(tests, a_command_shows_it_too);
}
CHECK_MAIN("broker touch", add_tests)
