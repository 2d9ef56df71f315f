/* The deliveries in hand: order, waiting, and which may be acked. */

#include <string.h>

#include "common/service/worker_jobs.h"
#include "tests/support/check_main.h"

static struct jobs jobs;
static struct message_metrics metrics;

static void setup(void)
{
    jobs_init(&jobs);
}

static void teardown(void)
{
    jobs_free(&jobs);
}

static struct job *add(uint64_t tag)
{
    char body[] = "{}";
    struct bus_delivery delivery = {.message = {.body = body, .body_size = 2}, .tag = tag};
    struct job *job = jobs_add(&jobs, &delivery, NULL, &metrics);
    memset(body, 'x', sizeof(body)); /* borrowed until the callback returns */
    return job;
}

START_TEST(keeps_a_copy_of_the_message)
{
    const struct job *job = add(1);

    ck_assert_uint_eq(job->message.body_size, 2);
    ck_assert_int_eq(memcmp(job->message.body, "{}", 2), 0);
}
END_TEST

START_TEST(gives_them_in_order_of_arrival)
{
    int wait_ms;
    struct job *first = add(1);
    struct job *second = add(2);

    ck_assert_ptr_eq(jobs_next(&jobs, 0, &wait_ms), first);
    first->state = JOB_DONE;
    ck_assert_ptr_eq(jobs_next(&jobs, 0, &wait_ms), second);
}
END_TEST

START_TEST(passes_over_one_that_was_put_off)
{
    int wait_ms;
    struct job *first = add(1);
    struct job *second = add(2);
    first->not_before_ms = 100;

    ck_assert_ptr_eq(jobs_next(&jobs, 50, &wait_ms), second);
    second->state = JOB_DONE;
    ck_assert_ptr_null(jobs_next(&jobs, 50, &wait_ms));
    ck_assert_int_eq(wait_ms, 50);
    ck_assert_ptr_eq(jobs_next(&jobs, 100, &wait_ms), first);
}
END_TEST

START_TEST(waits_for_nothing_when_it_is_empty)
{
    int wait_ms;
    ck_assert_ptr_null(jobs_next(&jobs, 0, &wait_ms));
    ck_assert_int_eq(wait_ms, -1);
}
END_TEST

START_TEST(acks_only_the_finished_prefix)
{
    struct job *first = add(1);
    struct job *second = add(2);
    add(3)->state = JOB_REPLYING;
    struct job *fourth = add(4);
    second->state = JOB_DONE;
    fourth->state = JOB_DONE;

    ck_assert_uint_eq(jobs_take_finished(&jobs), 0);
    first->state = JOB_DONE;
    ck_assert_uint_eq(jobs_take_finished(&jobs), 2);
    ck_assert_uint_eq(jobs_take_finished(&jobs), 0);
    ck_assert_uint_eq(jobs.count, 2);
}
END_TEST

START_TEST(lets_the_finished_pass_one_that_takes_long)
{
    int wait_ms;
    struct job *first = add(1);
    add(2)->state = JOB_DONE;
    add(3)->state = JOB_REPLYING;
    add(4)->state = JOB_DONE;

    ck_assert_uint_eq(jobs_take_overtaker(&jobs), 2);
    ck_assert_uint_eq(jobs_take_overtaker(&jobs), 4);
    ck_assert_uint_eq(jobs_take_overtaker(&jobs), 0);

    ck_assert_uint_eq(jobs.count, 2);
    struct job *fifth = add(5);
    first->state = JOB_DONE;
    ck_assert_uint_eq(jobs_take_finished(&jobs), 1);
    ck_assert_ptr_eq(jobs_next(&jobs, 0, &wait_ms), fifth);
}
END_TEST

START_TEST(goes_on_after_it_was_emptied)
{
    int wait_ms;
    add(1)->state = JOB_DONE;
    ck_assert_uint_eq(jobs_take_finished(&jobs), 1);

    struct job *next = add(2);

    ck_assert_ptr_eq(jobs_next(&jobs, 0, &wait_ms), next);
    jobs_clear(&jobs);
    ck_assert_ptr_null(jobs_next(&jobs, 0, &wait_ms));
    ck_assert_ptr_nonnull(add(3));
    ck_assert_uint_eq(jobs.count, 1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, keeps_a_copy_of_the_message);
    tcase_add_test(tests, gives_them_in_order_of_arrival);
    tcase_add_test(tests, passes_over_one_that_was_put_off);
    tcase_add_test(tests, waits_for_nothing_when_it_is_empty);
    tcase_add_test(tests, acks_only_the_finished_prefix);
    tcase_add_test(tests, lets_the_finished_pass_one_that_takes_long);
    tcase_add_test(tests, goes_on_after_it_was_emptied);
}
CHECK_MAIN("service.jobs", add_tests)
