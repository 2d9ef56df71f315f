/* The worker and passing trouble: tries, and the ladder of retries. */

#include <string.h>

#include "common/service/retry.h"
#include "tests/common/service/worker_world.h"
#include "tests/support/check_main.h"

enum { LONG_MS = 2000 };

static bool is_nothing_waiting(void)
{
    long waiting = memory_broker_depth(world.broker, WORLD_QUEUE);
    for (int rung = 1; rung <= RETRY_RUNGS; rung++) {
        waiting += world_waiting(rung);
    }
    return waiting == 0;
}

START_TEST(puts_a_command_off_that_was_tried_in_vain)
{
    world_restart_worker(LONG_MS);

    world_publish(world_hopeless_after(0));
    world_turn_until(world_waiting(1) == 1);
    world_turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world.executor.executed, TRIES_MAX);
    ck_assert_int_eq(memory_broker_depth(world.broker, WORLD_QUEUE), 0);
    ck_assert_int_eq(world.replies.count, 0);
    ck_assert_int_eq(world.executor.buried, 0);
}
END_TEST

START_TEST(does_it_when_it_comes_back)
{
    world.executor.unavailable = TRIES_MAX;

    world_publish(world_command());
    world_turn_until(world.replies.count == 1);
    world_turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world.executor.executed, TRIES_MAX + 1);
    ck_assert_int_eq(world.executor.seen_retries, 1);
    ck_assert_str_eq(world.executor.seen_title, "t");
    ck_assert_str_eq(world.replies.type, "posts.create.result");
    ck_assert_str_eq(world.replies.correlation_id, "c1");
    ck_assert(is_nothing_waiting());
}
END_TEST

START_TEST(goes_up_the_ladder)
{
    world_restart_worker(LONG_MS);
    for (int rung = 2; rung <= RETRY_RUNGS; rung++) {
        world_publish(world_hopeless_after(rung - 1));
    }
    world_publish(world_hopeless_after(RETRIES_MAX - 1));

    world_turn_until(world_waiting(RETRY_RUNGS) == 2);
    world_turn_until(worker_is_idle(world.worker));

    for (int rung = 2; rung < RETRY_RUNGS; rung++) {
        ck_assert_int_eq(world_waiting(rung), 1);
    }
    ck_assert_int_eq(world_waiting(1), 0);
    ck_assert_int_eq(world.executor.buried, 0);
}
END_TEST

START_TEST(keeps_the_original_until_the_broker_has_the_copy)
{
    world_publish(world_hopeless_after(0));
    memory_broker_set_blocked(world.broker, true);
    world_turn_until(world.executor.executed == TRIES_MAX);
    world_turn_a_little();
    ck_assert_int_eq(world_waiting(1), 0);
    ck_assert(!worker_is_idle(world.worker));

    worker_free(world.worker); /* as when it is killed */

    ck_assert_int_eq(memory_broker_depth(world.broker, WORLD_QUEUE), 1);
    world_start_worker();
}
END_TEST

START_TEST(sends_the_copy_once_the_broker_takes_it)
{
    world_restart_worker(LONG_MS);
    world_publish(world_hopeless_after(0));
    memory_broker_set_blocked(world.broker, true);
    world_turn_until(world.executor.executed == TRIES_MAX);
    world_turn_a_little();

    memory_broker_set_blocked(world.broker, false);
    world_turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world_waiting(1), 1);
    ck_assert_int_eq(world.executor.executed, TRIES_MAX);
}
END_TEST

static void lose_publish_at_the_last_try(void)
{
    if (world.executor.executed == TRIES_MAX) {
        memory_bus_disconnect(world.worker_buses[BUS_ROLE_PUBLISH], false);
    }
}

START_TEST(sends_the_copy_after_a_lost_connection)
{
    world_restart_worker(LONG_MS);
    world.executor.on_execute = lose_publish_at_the_last_try;

    world_publish(world_hopeless_after(0));
    world_turn_until(worker_is_idle(world.worker) && world.executor.executed > 0);

    ck_assert_int_eq(world_waiting(1), 1);
}
END_TEST

/* A rung with these arguments in place of its own. */
static void replace_first_rung(const struct bus_argument *arguments, size_t count)
{
    memory_broker_delete_queue(world.broker, "retry.1");
    for (size_t i = 0; i < world.topology->queue_count; i++) {
        struct bus_queue *queue = &world.topology->queues[i];
        if (strcmp(queue->name, "retry.1") == 0) {
            queue->arguments = arguments;
            queue->argument_count = count;
        }
    }
    memory_bus_disconnect(world.client, false);
    world_turn_until(world_waiting(1) == 0);
    world_turn_until(bus_reply_queue(world.client) != NULL);
}

START_TEST(sends_a_refused_copy_again_later)
{
    static const struct bus_argument full[] = {{"x-queue-type", "quorum", 0},
                                               {"x-max-length", NULL, 0},
                                               {"x-overflow", "reject-publish", 0}};
    static const struct bus_argument roomy[] = {{"x-queue-type", "quorum", 0}};
    world_restart_worker(LONG_MS);
    replace_first_rung(full, ARRAY_COUNT(full));
    world_publish(world_hopeless_after(0));
    world_turn_until(world.executor.executed == TRIES_MAX);
    world_turn_a_little();
    ck_assert(!worker_is_idle(world.worker));

    replace_first_rung(roomy, ARRAY_COUNT(roomy));
    world_turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world_waiting(1), 1);
    ck_assert_int_eq(world.executor.executed, TRIES_MAX);
}
END_TEST

START_TEST(sends_a_copy_again_that_found_no_queue)
{
    world_restart_worker(LONG_MS);
    memory_broker_delete_queue(world.broker, "retry.1");
    world_publish(world_hopeless_after(0));
    world_turn_until(world.executor.executed == TRIES_MAX);
    world_turn_a_little();
    ck_assert(!worker_is_idle(world.worker));

    memory_bus_disconnect(world.client, false); /* and it is declared again */
    world_turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world_waiting(1), 1);
    ck_assert_int_eq(world.executor.executed, TRIES_MAX);
}
END_TEST

START_TEST(keeps_and_answers_a_command_that_was_put_off_too_often)
{
    world_publish(world_hopeless_after(RETRIES_MAX));
    world_turn_until(world.replies.count == 1);
    world_turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world.executor.executed, TRIES_MAX);
    ck_assert_int_eq(world.executor.buried, 1);
    ck_assert_str_eq(world.executor.buried_code, "unavailable");
    ck_assert_str_eq(world.replies.type, "problem");
    ck_assert_ptr_nonnull(strstr(world.replies.body, "unavailable"));
    ck_assert(is_nothing_waiting());
}
END_TEST

START_TEST(keeps_it_as_well_when_nobody_waits)
{
    struct bus_message message = world_hopeless_after(RETRIES_MAX);
    message.reply_to = NULL;

    world_publish(message);
    world_turn_until(world.executor.buried == 1);
    world_turn_until(worker_is_idle(world.worker));

    ck_assert(is_nothing_waiting());
}
END_TEST

START_TEST(puts_off_once_more_what_cannot_be_kept)
{
    world_restart_worker(LONG_MS);
    world.executor.unburied = 1;

    world_publish(world_hopeless_after(RETRIES_MAX));
    world_turn_until(world_waiting(RETRY_RUNGS) == 1);

    ck_assert_int_eq(world.executor.buried, 0);
    ck_assert_int_eq(world.replies.count, 0);
}
END_TEST

START_TEST(never_gives_up_what_may_have_been_committed)
{
    world_restart_worker(LONG_MS);
    world.executor.is_fate_unknown = true;

    world_publish(world_hopeless_after(RETRIES_MAX));
    world_turn_until(world_waiting(RETRY_RUNGS) == 1);
    world_turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world.executor.buried, 0);
    ck_assert_int_eq(world.replies.count, 0);
}
END_TEST

static void know_the_fate_of_later_tries(void)
{
    world.executor.is_fate_unknown = world.executor.executed == 1;
}

START_TEST(remembers_that_an_earlier_try_may_have_been_committed)
{
    world_restart_worker(LONG_MS);
    world.executor.on_execute = know_the_fate_of_later_tries;

    world_publish(world_hopeless_after(RETRIES_MAX));
    world_turn_until(world_waiting(RETRY_RUNGS) == 1);

    ck_assert_int_eq(world.executor.buried, 0);
}
END_TEST

START_TEST(answers_a_query_that_was_tried_in_vain)
{
    world_publish(world_hopeless_query());
    world_turn_until(world.replies.count == 1);
    world_turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world.executor.executed, TRIES_MAX);
    ck_assert_int_eq(world.executor.buried, 0);
    ck_assert_ptr_nonnull(strstr(world.replies.body, "unavailable"));
    ck_assert(is_nothing_waiting());
}
END_TEST

START_TEST(an_outage_of_the_database_counts_against_nobody)
{
    world.executor.on_execute = world_lose_the_database;
    world.executor.unavailable = 1;
    world_publish(world_command());
    world_turn_until(world.executor.executed == 1);
    world_turn_a_little();
    ck_assert_int_eq(world.executor.executed, 1);
    world.executor.on_execute = NULL;
    world.executor.unavailable = TRIES_MAX - 1;

    world.executor.is_ready = true;
    world_turn_until(world.replies.count == 1);

    ck_assert_int_eq(world.executor.executed, TRIES_MAX + 1);
    ck_assert_int_eq(world.executor.seen_retries, 0);
}
END_TEST

START_TEST(a_poisonous_message_that_cannot_be_kept_yet_does_not_go_to_the_ladder)
{
    world.executor.admission = ERR_INTERNAL;
    world.executor.unburied = TRIES_MAX + 1;

    world_publish(world_command());
    world_turn_until(world.executor.buried == 1);
    world_turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world.executor.executed, 0);
    ck_assert(is_nothing_waiting());
}
END_TEST

static void add_ladder_tests(TCase *tests)
{
    tcase_add_test(tests, puts_a_command_off_that_was_tried_in_vain);
    tcase_add_test(tests, does_it_when_it_comes_back);
    tcase_add_test(tests, goes_up_the_ladder);
    tcase_add_test(tests, keeps_the_original_until_the_broker_has_the_copy);
    tcase_add_test(tests, sends_the_copy_once_the_broker_takes_it);
    tcase_add_test(tests, sends_the_copy_after_a_lost_connection);
    tcase_add_test(tests, sends_a_refused_copy_again_later);
    tcase_add_test(tests, sends_a_copy_again_that_found_no_queue);
    tcase_add_test(tests, keeps_and_answers_a_command_that_was_put_off_too_often);
    tcase_add_test(tests, keeps_it_as_well_when_nobody_waits);
    tcase_add_test(tests, puts_off_once_more_what_cannot_be_kept);
    tcase_add_test(tests, never_gives_up_what_may_have_been_committed);
    tcase_add_test(tests, remembers_that_an_earlier_try_may_have_been_committed);
}

static void add_tests(TCase *tests)
{
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    add_ladder_tests(tests);
    tcase_add_test(tests, answers_a_query_that_was_tried_in_vain);
    tcase_add_test(tests, an_outage_of_the_database_counts_against_nobody);
    tcase_add_test(tests, a_poisonous_message_that_cannot_be_kept_yet_does_not_go_to_the_ladder);
}
CHECK_MAIN("service.defer", add_tests)
