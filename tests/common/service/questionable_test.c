/* The worker and commands that may have ended another: one at a time. */

#include <time.h>

#include "common/service/retry.h"
#include "tests/common/service/worker_world.h"
#include "tests/support/check_main.h"

static void start_with_a_redelivered_command(void)
{
    worker_free(world.worker);
    world_publish_redelivered(world_command());
    world_start_worker();
}

START_TEST(holds_the_turn_while_it_handles_what_was_delivered_before)
{
    start_with_a_redelivered_command();

    world_turn_until(world.replies.count == 1);

    ck_assert(world.executor.is_turn_held);
    ck_assert(!atomic_flag_test_and_set(&world.questionable));
}
END_TEST

START_TEST(leaves_a_questionable_command_alone_while_another_worker_has_one)
{
    start_with_a_redelivered_command();
    (void)atomic_flag_test_and_set(&world.questionable);

    world_turn_until(worker_is_serving(world.worker) && !worker_is_idle(world.worker));
    world_turn_a_little();
    ck_assert_int_eq(world.executor.admitted, 0);
    ck_assert_int_eq(world.executor.executed, 0);
    world_publish(world_command()); /* the first time: nothing is held against it */
    world_turn_until(world.replies.count == 1);
    ck_assert_int_eq(world.executor.executed, 1);
    atomic_flag_clear(&world.questionable);

    world_turn_until(world.replies.count == 2);
    ck_assert_int_eq(world.executor.admitted, 2);
    ck_assert_int_eq(world.executor.executed, 2);
}
END_TEST

START_TEST(lets_the_turn_go_when_the_command_fails)
{
    world.executor.unavailable = 1;
    start_with_a_redelivered_command();

    world_turn_until(world.executor.executed == 1);
    ck_assert(!atomic_flag_test_and_set(&world.questionable));
    atomic_flag_clear(&world.questionable);

    world_turn_until(world.replies.count == 1);
    ck_assert(!atomic_flag_test_and_set(&world.questionable));
}
END_TEST

static void take_long(void)
{
    const struct timespec time = {.tv_nsec = 400 * 1000 * 1000};
    (void)nanosleep(&time, NULL);
}

START_TEST(leaves_the_turn_to_others_for_a_while_when_it_has_had_it)
{
    worker_free(world.worker);
    world_publish_redelivered(world_command());
    world_publish_redelivered(world_command());
    world.executor.on_execute = take_long;
    world_start_worker();

    world_turn_until(world.executor.executed > 0);
    world_turn_a_little();
    ck_assert_int_eq(world.executor.executed, 1);
    ck_assert(!atomic_flag_test_and_set(&world.questionable));
    atomic_flag_clear(&world.questionable);

    world_turn_until(world.replies.count == 2);
    ck_assert_int_eq(world.executor.executed, 2);
}
END_TEST

START_TEST(has_survived_what_it_could_not_even_read)
{
    struct bus_message message = world_command();
    message.body = "{}";
    message.body_size = 2;
    worker_free(world.worker);
    world_publish_redelivered(message);
    world_start_worker();

    world_turn_until(world.replies.count == 1);

    ck_assert_int_eq(world.executor.executed, 0);
    ck_assert_int_eq(world.executor.left, 1);
}
END_TEST

START_TEST(puts_nothing_on_the_ladder_whose_deaths_could_not_be_counted)
{
    world.executor.admission = ERR_UNAVAILABLE;
    start_with_a_redelivered_command();

    world_turn_until(world.executor.admitted > TRIES_MAX);
    world.executor.admission = OK;

    world_turn_until(world.replies.count == 1);
    ck_assert_int_eq(world.executor.executed, 1);
    ck_assert_int_eq(world.executor.seen_retries, 0);
}
END_TEST

static struct bus_message query_after(int64_t retries, struct bus_header *ret_header)
{
    struct bus_message message = world_hopeless_query();
    *ret_header = (struct bus_header){.name = "retries", .kind = BUS_INTEGER, .integer = retries};
    message.headers = ret_header;
    message.header_count = 1;
    return message;
}

START_TEST(hands_a_query_in_again_that_was_delivered_before)
{
    struct bus_header retries;
    world_publish_redelivered(query_after(0, &retries));
    world_restart_worker(WORLD_RETRY_WAIT_MS);

    world_turn_until(world.replies.count == 1);

    ck_assert_int_eq(world.executor.seen_retries, 1);
}
END_TEST

START_TEST(answers_a_query_that_has_ended_three_workers)
{
    struct bus_header retries;
    world_publish_redelivered(query_after(DEATHS_MAX - 1, &retries));
    world_restart_worker(WORLD_RETRY_WAIT_MS);

    world_turn_until(world.replies.count == 1);

    ck_assert_int_eq(world.executor.executed, 0);
    ck_assert_ptr_nonnull(strstr(world.replies.body, "\"internal\""));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, holds_the_turn_while_it_handles_what_was_delivered_before);
    tcase_add_test(tests, leaves_a_questionable_command_alone_while_another_worker_has_one);
    tcase_add_test(tests, lets_the_turn_go_when_the_command_fails);
    tcase_add_test(tests, leaves_the_turn_to_others_for_a_while_when_it_has_had_it);
    tcase_add_test(tests, puts_nothing_on_the_ladder_whose_deaths_could_not_be_counted);
    tcase_add_test(tests, has_survived_what_it_could_not_even_read);
    tcase_add_test(tests, hands_a_query_in_again_that_was_delivered_before);
    tcase_add_test(tests, answers_a_query_that_has_ended_three_workers);
}
CHECK_MAIN("service.questionable", add_tests)
