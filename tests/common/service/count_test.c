/* What a worker counts of its messages, and how it finds what it needs. */

#include <string.h>

#include "tests/common/service/worker_world.h"
#include "tests/support/check_main.h"

static struct metrics_sum sum;
static struct arena *arena;

static const struct message_sum *counted(void)
{
    const struct metrics *const all[] = {world.metrics};
    metrics_add_up(all, ARRAY_COUNT(all), arena, &sum);
    return &sum.messages[0]; /* posts.create */
}

static void setup(void)
{
    arena = arena_new();
    world_setup();
}

static void teardown(void)
{
    world_teardown();
    arena_free(arena);
}

START_TEST(counts_a_message_by_its_outcome)
{
    world_publish(world_command());
    world_turn_until_idle();
    world.executor.answer = ERR_ACCESS_DENIED;
    world_publish(world_command());
    world_turn_until_idle();

    ck_assert_uint_eq(counted()->outcomes[OK], 1);
    ck_assert_uint_eq(counted()->outcomes[ERR_ACCESS_DENIED], 1);
    ck_assert_uint_eq(histogram_count(&counted()->duration), 2);
}
END_TEST

START_TEST(has_in_flight_what_is_not_acked)
{
    ck_assert_uint_eq(counted()->in_flight, 0);
    world.executor.unavailable = 1;
    world_publish(world_command());
    world_turn_until(world.executor.executed == 1);
    ck_assert_uint_eq(counted()->in_flight, 1);

    world_turn_until(worker_is_idle(world.worker));

    ck_assert_uint_eq(counted()->in_flight, 0);
}
END_TEST

START_TEST(counts_the_tries_in_vain)
{
    world.executor.unavailable = 2;

    world_publish(world_command());
    world_turn_until_replied(1);

    ck_assert_uint_eq(counted()->retries, 2);
    ck_assert_uint_eq(counted()->outcomes[OK], 1);
}
END_TEST

START_TEST(counts_the_letters_it_keeps)
{
    struct bus_message command = world_command();
    command.reply_to = NULL;
    world.executor.answer = ERR_NOT_FOUND;

    world_publish(command);
    world_turn_until_idle();

    ck_assert_int_eq(world.executor.buried, 1);
    ck_assert_uint_eq(counted()->dead_letters, 1);
}
END_TEST

START_TEST(tells_by_its_identity_how_long_a_message_waited)
{
    struct bus_message command = world_command();
    char made_now[UUID_TEXT_SIZE];
    uuid_new(made_now);
    command.message_id = made_now;

    world_publish(command);
    world_turn_until_idle();
    ck_assert_uint_eq(histogram_count(&counted()->queue_wait), 1);
    ck_assert_uint_eq(counted()->queue_wait.counts[METRICS_BOUNDS], 0);

    command.message_id = "0a3a3b1e-6c7e-4f0e-8a4e-2f3b5f5f7f7f"; /* says nothing of its age */
    world_publish(command);
    world_turn_until_idle();
    ck_assert_uint_eq(histogram_count(&counted()->queue_wait), 1);
}
END_TEST

START_TEST(serves_while_broker_and_database_are_there)
{
    world_turn_a_little();

    (void)counted();
    ck_assert(sum.is_serving);
    ck_assert_int_eq(sum.parts[PART_BROKER], PART_UP);
    ck_assert_int_eq(sum.parts[PART_DATABASE], PART_UP);
}
END_TEST

START_TEST(notes_the_loss_of_the_database_with_the_next_message)
{
    world.executor.on_execute = world_lose_the_database;
    world.executor.unavailable = 1;

    world_publish(world_command());
    world_turn_until(world.executor.executed == 1);
    world_turn_a_little();

    (void)counted();
    ck_assert(!sum.is_serving);
    ck_assert_int_eq(sum.parts[PART_DATABASE], PART_DOWN);
    ck_assert_int_eq(sum.parts[PART_BROKER], PART_UP);
    ck_assert_uint_eq(counted()->retries, 0); /* an outage counts against nobody */
}
END_TEST

START_TEST(does_not_serve_once_it_drains)
{
    world_turn_a_little();
    worker_drain(world.worker);
    world_turn();

    (void)counted();
    ck_assert(!sum.is_serving);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, counts_a_message_by_its_outcome);
    tcase_add_test(tests, has_in_flight_what_is_not_acked);
    tcase_add_test(tests, counts_the_tries_in_vain);
    tcase_add_test(tests, counts_the_letters_it_keeps);
    tcase_add_test(tests, tells_by_its_identity_how_long_a_message_waited);
    tcase_add_test(tests, serves_while_broker_and_database_are_there);
    tcase_add_test(tests, notes_the_loss_of_the_database_with_the_next_message);
    tcase_add_test(tests, does_not_serve_once_it_drains);
}
CHECK_MAIN("count", add_tests)
