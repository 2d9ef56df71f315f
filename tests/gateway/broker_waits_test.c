/* services/gateway/broker.h: waits of different lengths, and senders who do not wait */

#include "services/gateway/broker.h"

#include "tests/gateway/broker_world.h"

static struct call *prepare_async(void)
{
    struct call *call = world_prepare("posts.delete");
    call->is_async = true;
    return call;
}

static void take(struct call *call)
{
    expect_ok(broker_call(world.broker, call, world.now_ms));
    broker_send(world.broker, world.now_ms);
}

static void expect_told(enum call_outcome outcome)
{
    ck_assert_int_eq(world.told.count, 1);
    ck_assert_int_eq(world.told.outcome, outcome);
}

START_TEST(waits_as_long_as_the_call_says)
{
    struct call *call = world_prepare("users.me");
    call->wait_ms = 700;

    take(call);
    world_settle();
    ck_assert_str_eq(world.got.expiration, "700");
    world_wait(699);
    ck_assert_int_eq(world.told.count, 0);
    world_wait(1);

    expect_told(CALL_UNAVAILABLE);
}
END_TEST

START_TEST(waits_no_longer_than_the_gateway)
{
    struct call *call = world_prepare("users.me");
    call->wait_ms = 60000;

    take(call);
    world_wait(5000);

    expect_told(CALL_UNAVAILABLE);
}
END_TEST

START_TEST(ends_a_short_wait_before_a_longer_one_that_began_earlier)
{
    static struct call longer;
    longer = *world_prepare("users.me");
    take(&longer);
    struct call *shorter = world_prepare("users.me");
    shorter->wait_ms = 100;
    take(shorter);

    ck_assert_int_le(broker_timeout_ms(world.broker, world.now_ms), 100);
    world_wait(100);

    expect_told(CALL_UNAVAILABLE);
    ck_assert_ptr_eq(world.told.call, shorter);
}
END_TEST

START_TEST(calls_a_command_pending_at_the_end_of_a_short_wait)
{
    struct call *call = world_prepare("posts.delete");
    call->wait_ms = 100;

    take(call);
    world_settle();
    ck_assert_int_eq(world.told.count, 0);
    world_wait(100);

    expect_told(CALL_PENDING);
}
END_TEST

START_TEST(calls_nothing_pending_that_the_broker_may_still_refuse)
{
    struct call *call = world_prepare("posts.delete");
    call->wait_ms = 100;
    world_silence(world.publisher);

    take(call);
    world_wait(500);
    ck_assert_int_eq(world.told.count, 0);
    broker_publisher_events()->on_refused(world.broker, world.publisher, call->sequence);

    expect_told(CALL_UNAVAILABLE);
}
END_TEST

START_TEST(tells_a_sender_who_does_not_wait_that_the_broker_has_it)
{
    take(prepare_async());
    ck_assert_int_eq(world.told.count, 0);

    world_settle();
    world_wait(6000);

    expect_told(CALL_PENDING);
    ck_assert_uint_eq(broker_waiting_count(world.broker), 0);
}
END_TEST

START_TEST(tells_a_reply_that_overtakes_its_confirmation)
{
    world_silence(world.publisher);
    take(prepare_async());
    world_settle();

    world_reply(world.got.correlation_id);

    expect_told(CALL_REPLIED);
}
END_TEST

START_TEST(calls_unavailable_what_the_broker_refuses)
{
    struct call *call = prepare_async();
    world_silence(world.publisher);
    take(call);

    broker_publisher_events()->on_refused(world.broker, world.publisher, call->sequence);

    expect_told(CALL_UNAVAILABLE);
}
END_TEST

START_TEST(calls_unavailable_what_comes_back_though_it_is_confirmed_too)
{
    memory_broker_delete_queue(world.memory, "command.posts.delete");

    take(prepare_async());
    world_settle();

    expect_told(CALL_UNAVAILABLE);
}
END_TEST

START_TEST(sends_again_what_was_not_confirmed_when_the_connection_was_lost)
{
    take(prepare_async());
    memory_bus_disconnect(world.publisher, false);

    world_settle();

    ck_assert_int_eq(world.got.count, 2);
    ck_assert_str_eq(world.got.message_id, "01a20279-9e35-7ea5-96be-c865aa23bb8c");
    expect_told(CALL_PENDING);
}
END_TEST

START_TEST(calls_pending_what_was_never_confirmed)
{
    world_silence(world.publisher);
    take(prepare_async());

    world_wait(4999);
    ck_assert_int_eq(world.told.count, 0);
    world_wait(1);

    expect_told(CALL_PENDING);
}
END_TEST

START_TEST(holds_a_command_back_no_longer_than_a_second)
{
    world_wait(60000);
    world_silence(world.publisher);
    struct call *call = world_prepare("posts.delete");
    call->is_async = _i == 1;

    take(call);
    world_wait(1000);

    expect_told(CALL_UNAVAILABLE);
    ck_assert_int_eq(world.got.count, 0);
}
END_TEST

START_TEST(gives_what_was_held_back_its_whole_wait)
{
    world_wait(60000);

    take(world_prepare("posts.delete"));
    world_settle();
    ck_assert_int_eq(world.got.count, 1);
    world_wait(4999);
    ck_assert_int_eq(world.told.count, 0);
    world_wait(1);

    expect_told(CALL_PENDING);
}
END_TEST

START_TEST(takes_no_confirmation_of_others_for_its_own)
{
    struct call *call = prepare_async();
    world_silence(world.publisher);
    take(call);

    broker_publisher_events()->on_confirmed(world.broker, world.publisher, call->sequence + 1);
    ck_assert_int_eq(world.told.count, 0);
    broker_publisher_events()->on_confirmed(world.broker, world.publisher, call->sequence);

    expect_told(CALL_PENDING);
}
END_TEST

START_TEST(sends_a_pending_command_until_the_broker_has_it)
{
    take(world_prepare("posts.delete"));
    memory_broker_set_blocked(world.memory, true);
    memory_bus_disconnect(world.publisher, false);
    world_wait(5000);
    expect_told(CALL_PENDING);
    int before = world.got.count;

    memory_broker_set_blocked(world.memory, false);
    world_settle();
    ck_assert_int_eq(world.got.count, before + 1);
    ck_assert_str_eq(world.got.message_id, "01a20279-9e35-7ea5-96be-c865aa23bb8c");
    memory_bus_disconnect(world.publisher, false);
    world_settle();

    ck_assert_int_eq(world.got.count, before + 1);
    ck_assert_int_eq(world.told.count, 1);
}
END_TEST

START_TEST(leaves_a_pending_command_alone_that_the_broker_has)
{
    world_send("posts.delete");
    world_wait(5000);
    expect_told(CALL_PENDING);
    int before = world.got.count;

    memory_bus_disconnect(world.publisher, false);
    world_settle();

    ck_assert_int_eq(world.got.count, before);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, waits_as_long_as_the_call_says);
    tcase_add_test(tests, waits_no_longer_than_the_gateway);
    tcase_add_test(tests, ends_a_short_wait_before_a_longer_one_that_began_earlier);
    tcase_add_test(tests, calls_a_command_pending_at_the_end_of_a_short_wait);
    tcase_add_test(tests, calls_nothing_pending_that_the_broker_may_still_refuse);
    tcase_add_test(tests, tells_a_sender_who_does_not_wait_that_the_broker_has_it);
    tcase_add_test(tests, tells_a_reply_that_overtakes_its_confirmation);
    tcase_add_test(tests, calls_unavailable_what_the_broker_refuses);
    tcase_add_test(tests, calls_unavailable_what_comes_back_though_it_is_confirmed_too);
    tcase_add_test(tests, sends_again_what_was_not_confirmed_when_the_connection_was_lost);
    tcase_add_test(tests, calls_pending_what_was_never_confirmed);
    tcase_add_loop_test(tests, holds_a_command_back_no_longer_than_a_second, 0, 2);
    tcase_add_test(tests, gives_what_was_held_back_its_whole_wait);
    tcase_add_test(tests, takes_no_confirmation_of_others_for_its_own);
    tcase_add_test(tests, sends_a_pending_command_until_the_broker_has_it);
    tcase_add_test(tests, leaves_a_pending_command_alone_that_the_broker_has);
}
CHECK_MAIN("gateway broker waits", add_tests)
