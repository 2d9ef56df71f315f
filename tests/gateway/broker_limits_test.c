/* services/gateway/broker.h: too much work, and a broker that is silent or in alarm */

#include "services/gateway/broker.h"

#include "tests/gateway/broker_world.h"

static struct call calls[WORLD_IN_FLIGHT_MAX + 1];

/* Calls of different callers, ready to be sent. */
static void setup(void)
{
    world_setup();
    for (size_t i = 0; i < WORLD_IN_FLIGHT_MAX + 1; i++) {
        calls[i] = *world_prepare("users.me");
        calls[i].caller = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    }
}

static enum err try(const char *message)
{
    return broker_call(world.broker, world_prepare(message), world.now_ms);
}

static void fill(void)
{
    size_t taken = 0;
    for (size_t i = 0; i < WORLD_IN_FLIGHT_MAX; i++) {
        taken += broker_call(world.broker, &calls[i], world.now_ms) == OK ? 1 : 0;
    }
    ck_assert_uint_eq(taken, WORLD_IN_FLIGHT_MAX);
}

START_TEST(takes_on_no_more_calls_than_it_may)
{
    fill();

    expect_err(ERR_UNAVAILABLE,
               broker_call(world.broker, &calls[WORLD_IN_FLIGHT_MAX], world.now_ms));
    ck_assert_uint_eq(broker_waiting_count(world.broker), WORLD_IN_FLIGHT_MAX);
}
END_TEST

START_TEST(takes_on_another_when_one_has_its_reply)
{
    fill();
    world_settle();
    world_reply(world.got.correlation_id);

    expect_ok(broker_call(world.broker, &calls[WORLD_IN_FLIGHT_MAX], world.now_ms));
}
END_TEST

START_TEST(takes_on_another_when_one_is_forgotten)
{
    fill();
    broker_forget(world.broker, &calls[0]);

    expect_ok(broker_call(world.broker, &calls[WORLD_IN_FLIGHT_MAX], world.now_ms));
}
END_TEST

START_TEST(takes_on_others_when_waits_are_over)
{
    fill();
    world_wait(5000);

    expect_ok(broker_call(world.broker, &calls[WORLD_IN_FLIGHT_MAX], world.now_ms));
}
END_TEST

START_TEST(writes_nothing_to_a_broker_that_leaves_a_question_unanswered)
{
    world_send("users.me");
    world_reply(world.got.correlation_id);
    world_silence(world.publisher);

    world_wait(1000); /* asks */
    expect_ok(try("users.me"));
    broker_forget(world.broker, &world.request->call);
    world_wait(1000);

    expect_err(ERR_UNAVAILABLE, try("users.me"));
}
END_TEST

START_TEST(believes_in_a_broker_of_whom_something_is_heard)
{
    world_send("users.me");
    world_silence(world.publisher);
    world_wait(1000);
    world_wait(500);
    world_reply(world.got.correlation_id);

    world_wait(500);

    expect_ok(try("users.me"));
}
END_TEST

START_TEST(believes_in_the_broker_again_when_it_answers)
{
    const struct bus_ops *ops = world.publisher->ops;
    world_send("users.me");
    world_reply(world.got.correlation_id);
    world_silence(world.publisher);
    world_wait(1000);
    world_wait(1000);
    expect_err(ERR_UNAVAILABLE, try("users.me"));

    world.publisher->ops = ops;
    world_wait(10);

    expect_ok(try("users.me"));
}
END_TEST

START_TEST(asks_nothing_of_a_broker_that_nobody_needs)
{
    world_silence(world.publisher);
    world_wait(100000);
    world_wait(1000);

    expect_ok(try("users.me"));
}
END_TEST

START_TEST(leaves_alone_what_was_written_when_the_last_consumer_goes)
{
    world_send("posts.delete");
    bus_cancel_consumers(world.service);
    world_wait(1000);

    calls[0].contract = world.request->call.contract;
    expect_err(ERR_UNAVAILABLE, broker_call(world.broker, &calls[0], world.now_ms));
    ck_assert_int_eq(world.told.count, 0);
    world_reply(world.got.correlation_id);

    ck_assert_int_eq(world.told.outcome, CALL_REPLIED);
}
END_TEST

START_TEST(leaves_waiting_what_was_written_before_an_alarm)
{
    world_send("posts.delete");
    memory_broker_set_blocked(world.memory, true);
    world_settle();

    calls[0].contract = world.request->call.contract;
    expect_err(ERR_UNAVAILABLE, broker_call(world.broker, &calls[0], world.now_ms));
    ck_assert_int_eq(world.told.count, 0);
    memory_broker_set_blocked(world.memory, false);
    world_settle();
    world_reply(world.got.correlation_id);

    ck_assert_int_eq(world.told.outcome, CALL_REPLIED);
    expect_ok(broker_call(world.broker, &calls[0], world.now_ms));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, takes_on_no_more_calls_than_it_may);
    tcase_add_test(tests, takes_on_another_when_one_has_its_reply);
    tcase_add_test(tests, takes_on_another_when_one_is_forgotten);
    tcase_add_test(tests, takes_on_others_when_waits_are_over);
    tcase_add_test(tests, writes_nothing_to_a_broker_that_leaves_a_question_unanswered);
    tcase_add_test(tests, believes_in_a_broker_of_whom_something_is_heard);
    tcase_add_test(tests, believes_in_the_broker_again_when_it_answers);
    tcase_add_test(tests, asks_nothing_of_a_broker_that_nobody_needs);
    tcase_add_test(tests, leaves_alone_what_was_written_when_the_last_consumer_goes);
    tcase_add_test(tests, leaves_waiting_what_was_written_before_an_alarm);
}
CHECK_MAIN("gateway broker limits", add_tests)
