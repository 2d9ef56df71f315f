/* The worker: every message answered, acked, tried again or kept. */

#include <string.h>

#include "tests/common/service/worker_world.h"
#include "tests/support/check_main.h"

START_TEST(answers_a_command_and_acks_it)
{
    world_publish(world_command());
    world_turn_until_replied(1);
    world_turn_until_idle();

    ck_assert_str_eq(world.replies.type, "posts.create.result");
    ck_assert_str_eq(world.replies.content_type, "application/json");
    ck_assert_str_eq(world.replies.correlation_id, "c1");
    ck_assert_ptr_nonnull(strstr(world.replies.body, "\"id\":7"));
    ck_assert_str_eq(world.executor.seen_title, "t");
    ck_assert_int_eq(world.executor.executed, 1);
}
END_TEST

START_TEST(answers_a_failure_as_a_problem)
{
    world.executor.answer = ERR_ACCESS_DENIED;

    world_publish(world_command());
    world_turn_until_replied(1);

    ck_assert_str_eq(world.replies.type, "problem");
    ck_assert_str_eq(world.replies.content_type, "application/problem+json");
    ck_assert_ptr_nonnull(strstr(world.replies.body, "access_denied"));
    ck_assert_int_eq(world.executor.buried, 0);
}
END_TEST

START_TEST(answers_what_it_cannot_read_without_executing_it)
{
    struct bus_message broken = world_command();
    broken.body = "{\"title\":";
    broken.body_size = strlen(broken.body);

    world_publish(broken);
    world_turn_until_replied(1);

    ck_assert_ptr_nonnull(strstr(world.replies.body, "invalid_input"));
    ck_assert_int_eq(world.executor.executed, 0);
}
END_TEST

START_TEST(says_what_is_wrong_with_envelope_and_body_at_once)
{
    struct bus_message broken = world_command();
    broken.message_id = "7";
    broken.body = "{}";
    broken.body_size = 2;

    world_publish(broken);
    world_turn_until_replied(1);

    ck_assert_ptr_nonnull(strstr(world.replies.body, "\"message_id\""));
    ck_assert_ptr_nonnull(strstr(world.replies.body, "\"title\""));
}
END_TEST

START_TEST(buries_what_failed_when_nobody_waits)
{
    struct bus_message message = world_command();
    message.reply_to = NULL;
    message.body = "[]";
    message.body_size = 2;

    world_publish(message);
    world_turn_until_idle();

    ck_assert_int_eq(world.executor.buried, 1);
    ck_assert_str_eq(world.executor.buried_code, "invalid_input");
}
END_TEST

START_TEST(buries_nothing_that_succeeded_unheard)
{
    struct bus_message message = world_command();
    message.reply_to = NULL;

    world_publish(message);
    world_turn_until_idle();

    ck_assert_int_eq(world.executor.executed, 1);
    ck_assert_int_eq(world.executor.buried, 0);
}
END_TEST

START_TEST(lives_on_after_a_reply_that_nobody_takes)
{
    struct bus_message message = world_command();
    message.reply_to = "no.such.queue";

    world_publish(message);
    world_publish(world_command());
    world_turn_until_replied(1);
    world_turn_until_idle();

    ck_assert_int_eq(world.executor.executed, 2);
}
END_TEST

START_TEST(tries_again_after_passing_trouble)
{
    world.executor.unavailable = 2;

    world_publish(world_command());
    world_turn_until_replied(1);

    ck_assert_int_eq(world.executor.executed, 3);
    ck_assert_str_eq(world.replies.type, "posts.create.result");
}
END_TEST

START_TEST(asks_before_each_try_whether_a_delivery_may_be_handled)
{
    world.executor.unavailable = 2;

    world_publish(world_command());
    world_turn_until_replied(1);

    ck_assert_int_eq(world.executor.executed, 3);
    ck_assert_int_eq(world.executor.admitted, 3);
}
END_TEST

START_TEST(keeps_a_poisonous_message_as_a_dead_letter_and_says_so)
{
    world.executor.admission = ERR_INTERNAL;

    world_publish(world_command());
    world_turn_until_replied(1);
    world_turn_until_idle();

    ck_assert_ptr_nonnull(strstr(world.replies.body, "internal"));
    ck_assert_int_eq(world.executor.buried, 1);
    ck_assert_int_eq(world.executor.executed, 0);
}
END_TEST

START_TEST(publishes_what_the_handler_sent_and_forgets_it_once_confirmed)
{
    world.executor.sends_event = true;

    world_publish(world_command());
    world_turn_until_replied(1);
    worker_drain(world.worker);
    world_turn_until_idle();

    ck_assert_int_eq(world.executor.forgotten, 1);
}
END_TEST

START_TEST(handles_a_message_again_whose_connection_was_lost_before_the_ack)
{
    world_publish(world_command());
    memory_bus_disconnect(world.worker_buses[BUS_ROLE_CONSUME], false);
    world_turn_until_replied(1);
    world_turn_until_idle();

    ck_assert_int_ge(world.executor.executed, 1);
}
END_TEST

START_TEST(sends_a_reply_again_that_was_under_way_on_a_lost_connection)
{
    memory_bus_disconnect(world.worker_buses[BUS_ROLE_PUBLISH], true);
    world_publish(world_command());

    world_turn_until_replied(1);
    world_turn_until_idle();
}
END_TEST

START_TEST(takes_no_message_before_its_executor_is_ready)
{
    worker_free(world.worker);
    world.executor.is_ready = false;
    world_start_worker();
    world_publish(world_command());

    for (int i = 0; i < 3; i++) {
        worker_turn(world.worker, 0, -1);
    }
    ck_assert(!worker_is_serving(world.worker));
    ck_assert_int_eq(world.executor.executed, 0);
    world.executor.is_ready = true;
    world_turn_until_replied(1);
}
END_TEST

START_TEST(a_draining_worker_finishes_what_it_has_and_takes_no_more)
{
    world_publish(world_command());
    world_turn_until_replied(1);
    worker_drain(world.worker);
    world_turn_until_idle();

    world_publish(world_command());
    for (int i = 0; i < 10; i++) {
        world_turn();
    }

    ck_assert_int_eq(world.executor.executed, 1);
    ck_assert_int_eq(memory_broker_depth(world.broker, WORLD_QUEUE), 1);
}
END_TEST

START_TEST(answers_many_in_a_row)
{
    for (int i = 0; i < 100; i++) {
        world_publish(world_command());
    }
    world_turn_until_replied(100);
    world_turn_until_idle();

    ck_assert_int_eq(world.executor.executed, 100);
}
END_TEST

START_TEST(a_message_in_lasting_trouble_holds_up_no_other)
{
    struct bus_message hopeless = world_command();
    hopeless.body = "{\"title\":\"hopeless\",\"content\":\"c\",\"status\":\"draft\"}";
    hopeless.body_size = strlen(hopeless.body);
    world.executor.hopeless_title = "hopeless";

    world_publish(hopeless);
    for (int i = 0; i < 2 * WORLD_PREFETCH; i++) {
        world_publish(world_command());
    }

    world_turn_until_replied(2 * WORLD_PREFETCH);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, answers_a_command_and_acks_it);
    tcase_add_test(tests, answers_a_failure_as_a_problem);
    tcase_add_test(tests, answers_what_it_cannot_read_without_executing_it);
    tcase_add_test(tests, says_what_is_wrong_with_envelope_and_body_at_once);
    tcase_add_test(tests, buries_what_failed_when_nobody_waits);
    tcase_add_test(tests, buries_nothing_that_succeeded_unheard);
    tcase_add_test(tests, lives_on_after_a_reply_that_nobody_takes);
    tcase_add_test(tests, tries_again_after_passing_trouble);
    tcase_add_test(tests, asks_before_each_try_whether_a_delivery_may_be_handled);
    tcase_add_test(tests, keeps_a_poisonous_message_as_a_dead_letter_and_says_so);
    tcase_add_test(tests, publishes_what_the_handler_sent_and_forgets_it_once_confirmed);
    tcase_add_test(tests, handles_a_message_again_whose_connection_was_lost_before_the_ack);
    tcase_add_test(tests, sends_a_reply_again_that_was_under_way_on_a_lost_connection);
    tcase_add_test(tests, takes_no_message_before_its_executor_is_ready);
    tcase_add_test(tests, a_draining_worker_finishes_what_it_has_and_takes_no_more);
    tcase_add_test(tests, answers_many_in_a_row);
    tcase_add_test(tests, a_message_in_lasting_trouble_holds_up_no_other);
}
CHECK_MAIN("service.worker", add_tests)
