/* services/gateway/broker.h, on the bus in memory */

#include "services/gateway/broker.h"

#include "tests/gateway/broker_world.h"

START_TEST(sends_a_query_and_tells_its_reply)
{
    world_send("users.me");
    ck_assert_int_eq(world.got.count, 1);
    ck_assert(!world.got.is_persistent);
    ck_assert_str_eq(world.got.expiration, "5000");
    ck_assert_int_eq(world.told.count, 0);

    world_reply(world.got.correlation_id);

    ck_assert_int_eq(world.told.count, 1);
    ck_assert_int_eq(world.told.outcome, CALL_REPLIED);
    ck_assert_str_eq(world.told.body, "{\"a\":1}");
}
END_TEST

START_TEST(sends_a_command_to_stay)
{
    world_send("posts.delete");

    ck_assert(world.got.is_persistent);
    ck_assert_str_eq(world.got.expiration, "");
    ck_assert_str_eq(world.got.message_id, "01a20279-9e35-7ea5-96be-c865aa23bb8c");
}
END_TEST

START_TEST(tells_an_outcome_once)
{
    world_send("users.me");

    world_reply(world.got.correlation_id);
    world_reply(world.got.correlation_id);
    world_wait(6000);

    ck_assert_int_eq(world.told.count, 1);
}
END_TEST

START_TEST(ignores_replies_to_nobody)
{
    world_send("users.me");

    world_reply("00000000000000010123456789abcdef");
    world_reply("");

    ck_assert_int_eq(world.told.count, 0);
}
END_TEST

START_TEST(calls_a_query_without_an_answer_unavailable)
{
    world_send("users.me");

    world_wait(4999);
    ck_assert_int_eq(world.told.count, 0);
    world_wait(1);

    ck_assert_int_eq(world.told.count, 1);
    ck_assert_int_eq(world.told.outcome, CALL_UNAVAILABLE);
}
END_TEST

START_TEST(calls_a_command_without_an_answer_pending)
{
    world_send("posts.delete");

    world_wait(5000);

    ck_assert_int_eq(world.told.count, 1);
    ck_assert_int_eq(world.told.outcome, CALL_PENDING);
}
END_TEST

START_TEST(sends_nothing_to_a_queue_without_consumers)
{
    world_send("posts.create");

    ck_assert_int_eq(world.told.outcome, CALL_UNAVAILABLE);
    ck_assert_int_eq(memory_broker_depth(world.memory, "command.posts.create"), 0);
    expect_err(ERR_UNAVAILABLE,
               broker_call(world.broker, world_prepare("posts.create"), world.now_ms));
}
END_TEST

START_TEST(notices_a_consumer_that_has_come)
{
    world_send("posts.create");
    bus_add_consumer(world.service, "command.posts.create", 10);
    world_settle();

    world.now_ms += 200;
    world_send("posts.create");

    ck_assert_int_eq(world.got.count, 1);
}
END_TEST

START_TEST(notices_a_consumer_that_has_gone)
{
    world_send("users.me");
    world_reply(world.got.correlation_id);
    bus_cancel_consumers(world.service);
    world_wait(1000);

    expect_err(ERR_UNAVAILABLE, broker_call(world.broker, world_prepare("users.me"), world.now_ms));
}
END_TEST

START_TEST(asks_anew_for_a_queue_that_was_long_unused)
{
    world_wait(60000);
    bus_cancel_consumers(world.service);
    world_settle();

    world_send("users.me");

    ck_assert_int_eq(world.told.outcome, CALL_UNAVAILABLE);
    ck_assert_int_eq(memory_broker_depth(world.memory, "query.users.me"), 0);
}
END_TEST

START_TEST(sends_nothing_while_the_broker_is_blocked)
{
    memory_broker_set_blocked(world.memory, true);
    world_settle();

    expect_err(ERR_UNAVAILABLE, broker_call(world.broker, world_prepare("users.me"), world.now_ms));
}
END_TEST

START_TEST(forgets_a_call_that_nobody_waits_for)
{
    world_send("users.me");
    broker_forget(world.broker, &world.request->call);

    world_reply(world.got.correlation_id);
    world_wait(6000);

    ck_assert_int_eq(world.told.count, 0);
}
END_TEST

START_TEST(calls_a_message_that_comes_back_unavailable)
{
    expect_ok(broker_call(world.broker, world_prepare("posts.delete"), world.now_ms));
    world_settle();
    broker_forget(world.broker, &world.request->call);
    memory_broker_delete_queue(world.memory, "command.posts.delete");

    expect_ok(broker_call(world.broker, world_prepare("posts.delete"), world.now_ms));
    world_settle();

    ck_assert_int_eq(world.told.count, 1);
    ck_assert_int_eq(world.told.outcome, CALL_UNAVAILABLE);
}
END_TEST

START_TEST(sends_again_under_the_same_identity_after_a_loss)
{
    struct bus *const buses[] = {world.publisher, world.replies};
    world_send("posts.delete");

    memory_bus_disconnect(buses[_i], false);
    world_settle();

    ck_assert_int_eq(world.got.count, 2);
    ck_assert_str_eq(world.got.message_id, "01a20279-9e35-7ea5-96be-c865aa23bb8c");
    ck_assert_str_eq(world.got.reply_to, bus_reply_queue(world.replies));
    world_reply(world.got.correlation_id);
    ck_assert_int_eq(world.told.count, 1);
    ck_assert_int_eq(world.told.outcome, CALL_REPLIED);
}
END_TEST

START_TEST(calls_a_command_of_unknown_fate_pending_even_if_it_cannot_be_sent_again)
{
    world_send("posts.delete");

    memory_broker_set_blocked(world.memory, true);
    memory_bus_disconnect(world.publisher, false);
    world_settle();
    ck_assert_int_eq(world.told.count, 0);
    world_wait(5000);

    ck_assert_int_eq(world.told.count, 1);
    ck_assert_int_eq(world.told.outcome, CALL_PENDING);
}
END_TEST

START_TEST(gives_up_as_if_the_time_were_over)
{
    world_send("posts.delete");

    broker_give_up(world.broker);

    ck_assert_int_eq(world.told.count, 1);
    ck_assert_int_eq(world.told.outcome, CALL_PENDING);
}
END_TEST

START_TEST(wakes_up_when_a_wait_ends)
{
    world_send("users.me");
    world.now_ms += 4900;

    ck_assert_int_le(broker_timeout_ms(world.broker, world.now_ms), 100);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
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
    tcase_add_test(tests, forgets_a_call_that_nobody_waits_for);
    tcase_add_test(tests, calls_a_message_that_comes_back_unavailable);
    tcase_add_loop_test(tests, sends_again_under_the_same_identity_after_a_loss, 0, 2);
    tcase_add_test(tests, calls_a_command_of_unknown_fate_pending_even_if_it_cannot_be_sent_again);
    tcase_add_test(tests, gives_up_as_if_the_time_were_over);
    tcase_add_test(tests, wakes_up_when_a_wait_ends);
}
CHECK_MAIN("gateway broker", add_tests)
