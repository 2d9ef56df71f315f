/* The worker and passing trouble: tries, the ladder of retries, and what is questionable. */

#include <string.h>

#include "common/core/clock.h"
#include "common/service/envelope.h"
#include "common/service/retry.h"
#include "tests/common/service/worker_world.h"
#include "tests/support/check_main.h"

enum { LONG_MS = 2000, PATIENCE_MS = 20000, A_FEW_TURNS = 20 };

static struct bus_header retries_header = {.name = HEADER_RETRIES, .kind = BUS_INTEGER};

static struct bus_message hopeless_after(int64_t retries)
{
    static const char body[] = "{\"title\":\"hopeless\",\"content\":\"c\",\"status\":\"draft\"}";
    struct bus_message message = world_command();
    world.executor.hopeless_title = "hopeless";
    retries_header.integer = retries;
    message.headers = &retries_header;
    message.header_count = 1;
    message.body = body;
    message.body_size = strlen(body);
    return message;
}

static struct bus_message query(void)
{
    return (struct bus_message){
        .exchange = EXCHANGE_QUERIES,
        .routing_key = "posts.list",
        .correlation_id = "c1",
        .reply_to = bus_reply_queue(world.client),
        .body = "{}",
        .body_size = 2,
    };
}

/* Turns until the condition holds. */
#define turn_until(condition)                                                                      \
    do {                                                                                           \
        int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;                                       \
        while (!(condition)) {                                                                     \
            ck_assert_msg(clock_monotonic_ms() < end_ms, "waited in vain for %s", #condition);     \
            worker_turn(world.worker, 5, -1);                                                      \
            bus_poll(world.client, 0);                                                             \
        }                                                                                          \
    } while (0)

static void turn_a_little(void)
{
    for (int i = 0; i < A_FEW_TURNS; i++) {
        world_turn();
    }
}

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

    world_publish(hopeless_after(0));
    turn_until(world_waiting(1) == 1);
    turn_until(worker_is_idle(world.worker));

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
    turn_until(world.replies.count == 1);
    turn_until(worker_is_idle(world.worker));

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
        world_publish(hopeless_after(rung - 1));
    }
    world_publish(hopeless_after(RETRIES_MAX - 1));

    turn_until(world_waiting(RETRY_RUNGS) == 2);
    turn_until(worker_is_idle(world.worker));

    for (int rung = 2; rung < RETRY_RUNGS; rung++) {
        ck_assert_int_eq(world_waiting(rung), 1);
    }
    ck_assert_int_eq(world_waiting(1), 0);
    ck_assert_int_eq(world.executor.buried, 0);
}
END_TEST

START_TEST(keeps_the_original_until_the_broker_has_the_copy)
{
    world_publish(hopeless_after(0));
    memory_broker_set_blocked(world.broker, true);
    turn_until(world.executor.executed == TRIES_MAX);
    turn_a_little();
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
    world_publish(hopeless_after(0));
    memory_broker_set_blocked(world.broker, true);
    turn_until(world.executor.executed == TRIES_MAX);
    turn_a_little();

    memory_broker_set_blocked(world.broker, false);
    turn_until(worker_is_idle(world.worker));

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

    world_publish(hopeless_after(0));
    turn_until(worker_is_idle(world.worker) && world.executor.executed > 0);

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
    turn_until(world_waiting(1) == 0);
    turn_until(bus_reply_queue(world.client) != NULL);
}

START_TEST(sends_a_refused_copy_again_later)
{
    static const struct bus_argument full[] = {{"x-queue-type", "quorum", 0},
                                               {"x-max-length", NULL, 0},
                                               {"x-overflow", "reject-publish", 0}};
    static const struct bus_argument roomy[] = {{"x-queue-type", "quorum", 0}};
    world_restart_worker(LONG_MS);
    replace_first_rung(full, ARRAY_COUNT(full));
    world_publish(hopeless_after(0));
    turn_until(world.executor.executed == TRIES_MAX);
    turn_a_little();
    ck_assert(!worker_is_idle(world.worker));

    replace_first_rung(roomy, ARRAY_COUNT(roomy));
    turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world_waiting(1), 1);
    ck_assert_int_eq(world.executor.executed, TRIES_MAX);
}
END_TEST

START_TEST(sends_a_copy_again_that_found_no_queue)
{
    world_restart_worker(LONG_MS);
    memory_broker_delete_queue(world.broker, "retry.1");
    world_publish(hopeless_after(0));
    turn_until(world.executor.executed == TRIES_MAX);
    turn_a_little();
    ck_assert(!worker_is_idle(world.worker));

    memory_bus_disconnect(world.client, false); /* and it is declared again */
    turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world_waiting(1), 1);
    ck_assert_int_eq(world.executor.executed, TRIES_MAX);
}
END_TEST

START_TEST(keeps_and_answers_a_command_that_was_put_off_too_often)
{
    world_publish(hopeless_after(RETRIES_MAX));
    turn_until(world.replies.count == 1);
    turn_until(worker_is_idle(world.worker));

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
    struct bus_message message = hopeless_after(RETRIES_MAX);
    message.reply_to = NULL;

    world_publish(message);
    turn_until(world.executor.buried == 1);
    turn_until(worker_is_idle(world.worker));

    ck_assert(is_nothing_waiting());
}
END_TEST

START_TEST(puts_off_once_more_what_cannot_be_kept)
{
    world_restart_worker(LONG_MS);
    world.executor.unburied = 1;

    world_publish(hopeless_after(RETRIES_MAX));
    turn_until(world_waiting(RETRY_RUNGS) == 1);

    ck_assert_int_eq(world.executor.buried, 0);
    ck_assert_int_eq(world.replies.count, 0);
}
END_TEST

START_TEST(never_gives_up_what_may_have_been_committed)
{
    world_restart_worker(LONG_MS);
    world.executor.is_fate_unknown = true;

    world_publish(hopeless_after(RETRIES_MAX));
    turn_until(world_waiting(RETRY_RUNGS) == 1);
    turn_until(worker_is_idle(world.worker));

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

    world_publish(hopeless_after(RETRIES_MAX));
    turn_until(world_waiting(RETRY_RUNGS) == 1);

    ck_assert_int_eq(world.executor.buried, 0);
}
END_TEST

START_TEST(answers_a_query_that_was_tried_in_vain)
{
    world.executor.hopeless_title = "";

    world_publish(query());
    turn_until(world.replies.count == 1);
    turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world.executor.executed, TRIES_MAX);
    ck_assert_int_eq(world.executor.buried, 0);
    ck_assert_ptr_nonnull(strstr(world.replies.body, "unavailable"));
    ck_assert(is_nothing_waiting());
}
END_TEST

static void lose_the_database(void)
{
    world.executor.is_ready = false;
}

START_TEST(an_outage_of_the_database_counts_against_nobody)
{
    world.executor.on_execute = lose_the_database;
    world.executor.unavailable = 1;
    world_publish(world_command());
    turn_until(world.executor.executed == 1);
    turn_a_little();
    ck_assert_int_eq(world.executor.executed, 1);
    world.executor.on_execute = NULL;
    world.executor.unavailable = TRIES_MAX - 1;

    world.executor.is_ready = true;
    turn_until(world.replies.count == 1);

    ck_assert_int_eq(world.executor.executed, TRIES_MAX + 1);
    ck_assert_int_eq(world.executor.seen_retries, 0);
}
END_TEST

START_TEST(a_poisonous_message_that_cannot_be_kept_yet_does_not_go_to_the_ladder)
{
    world.executor.admission = ERR_INTERNAL;
    world.executor.unburied = TRIES_MAX + 1;

    world_publish(world_command());
    turn_until(world.executor.buried == 1);
    turn_until(worker_is_idle(world.worker));

    ck_assert_int_eq(world.executor.executed, 0);
    ck_assert(is_nothing_waiting());
}
END_TEST

static void start_with_a_redelivered_command(void)
{
    worker_free(world.worker);
    world_publish_redelivered(world_command());
    world_start_worker();
}

START_TEST(holds_the_turn_while_it_handles_what_was_delivered_before)
{
    start_with_a_redelivered_command();

    turn_until(world.replies.count == 1);

    ck_assert(world.executor.is_turn_held);
    ck_assert(!atomic_flag_test_and_set(&world.questionable));
}
END_TEST

START_TEST(leaves_a_questionable_command_alone_while_another_worker_has_one)
{
    start_with_a_redelivered_command();
    (void)atomic_flag_test_and_set(&world.questionable);

    turn_until(worker_is_serving(world.worker) && !worker_is_idle(world.worker));
    turn_a_little();
    ck_assert_int_eq(world.executor.admitted, 0);
    ck_assert_int_eq(world.executor.executed, 0);
    world_publish(world_command()); /* the first time: nothing is held against it */
    turn_until(world.replies.count == 1);
    ck_assert_int_eq(world.executor.executed, 1);
    atomic_flag_clear(&world.questionable);

    turn_until(world.replies.count == 2);
    ck_assert_int_eq(world.executor.admitted, 2);
    ck_assert_int_eq(world.executor.executed, 2);
}
END_TEST

START_TEST(lets_the_turn_go_when_the_command_fails)
{
    world.executor.unavailable = 1;
    start_with_a_redelivered_command();

    turn_until(world.executor.executed == 1);
    ck_assert(!atomic_flag_test_and_set(&world.questionable));
    atomic_flag_clear(&world.questionable);

    turn_until(world.replies.count == 1);
    ck_assert(!atomic_flag_test_and_set(&world.questionable));
}
END_TEST

START_TEST(a_drain_waits_for_no_pause)
{
    world_restart_worker(LONG_MS);
    world_publish(hopeless_after(0));
    turn_until(world.executor.executed == 1);

    worker_drain(world.worker);
    world_turn();
    world_turn();

    ck_assert(worker_is_idle(world.worker));
    ck_assert_int_eq(world.executor.executed, 1);
    ck_assert_int_eq(world_waiting(1), 1);
}
END_TEST

START_TEST(a_drain_gives_back_what_cannot_be_done_now)
{
    world.executor.on_execute = lose_the_database;
    world.executor.unavailable = 1;
    world_publish(world_command());
    world_publish(world_command());
    turn_until(world.executor.executed == 1);

    worker_drain(world.worker);
    world_turn();

    ck_assert(worker_is_idle(world.worker));
    ck_assert_int_eq(memory_broker_depth(world.broker, WORLD_QUEUE), 2);
    ck_assert_int_eq(world.executor.executed, 1);
}
END_TEST

START_TEST(a_drain_gives_a_query_back_that_waits_for_another_try)
{
    world.executor.hopeless_title = "";
    world_publish(query());
    turn_until(world.executor.executed == 1);

    worker_drain(world.worker);
    world_turn();

    ck_assert(worker_is_idle(world.worker));
    ck_assert_int_eq(memory_broker_depth(world.broker, WORLD_QUERY_QUEUE), 1);
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
    tcase_add_test(tests, holds_the_turn_while_it_handles_what_was_delivered_before);
    tcase_add_test(tests, leaves_a_questionable_command_alone_while_another_worker_has_one);
    tcase_add_test(tests, lets_the_turn_go_when_the_command_fails);
    tcase_add_test(tests, a_drain_waits_for_no_pause);
    tcase_add_test(tests, a_drain_gives_back_what_cannot_be_done_now);
    tcase_add_test(tests, a_drain_gives_a_query_back_that_waits_for_another_try);
}
CHECK_MAIN("service.defer", add_tests)
