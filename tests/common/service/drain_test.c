/* A worker that is to stop waits for nothing. */

#include "tests/common/service/worker_world.h"
#include "tests/support/check_main.h"

enum { LONG_MS = 2000 };

START_TEST(a_drain_waits_for_no_pause)
{
    world_restart_worker(LONG_MS);
    world_publish(world_hopeless_after(0));
    world_turn_until(world.executor.executed == 1);

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
    world.executor.on_execute = world_lose_the_database;
    world.executor.unavailable = 1;
    world_publish(world_command());
    world_publish(world_command());
    world_turn_until(world.executor.executed == 1);

    worker_drain(world.worker);
    world_turn();

    ck_assert(worker_is_idle(world.worker));
    ck_assert_int_eq(memory_broker_depth(world.broker, WORLD_QUEUE), 2);
    ck_assert_int_eq(world.executor.executed, 1);
}
END_TEST

START_TEST(a_drain_gives_a_query_back_that_waits_for_another_try)
{
    world_publish(world_hopeless_query());
    world_turn_until(world.executor.executed == 1);

    worker_drain(world.worker);
    world_turn();

    ck_assert(worker_is_idle(world.worker));
    ck_assert_int_eq(memory_broker_depth(world.broker, WORLD_QUERY_QUEUE), 1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, a_drain_waits_for_no_pause);
    tcase_add_test(tests, a_drain_gives_back_what_cannot_be_done_now);
    tcase_add_test(tests, a_drain_gives_a_query_back_that_waits_for_another_try);
}
CHECK_MAIN("service.drain", add_tests)
