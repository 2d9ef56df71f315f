/* services/gateway/throughput.h */

#include "services/gateway/throughput.h"

#include "tests/support/check_main.h"

static struct throughput throughput;
static int64_t now_ms;

static void setup(void)
{
    now_ms = 1000000;
    throughput = (struct throughput){0};
    throughput_advance(&throughput, false, now_ms);
}

/* Busy for so long, with a reply every so often. */
static void work(int64_t ms, int64_t interval_ms)
{
    for (int64_t i = 1; i <= ms; i++) {
        throughput_advance(&throughput, true, ++now_ms);
        if (interval_ms > 0 && i % interval_ms == 0) {
            throughput_note_reply(&throughput, 5);
        }
    }
}

static void rest(int64_t ms)
{
    now_ms += ms;
    throughput_advance(&throughput, false, now_ms);
}

START_TEST(knows_nothing_at_first)
{
    ck_assert_int_eq(throughput.observed_ms, 0);
}
END_TEST

START_TEST(learns_quickly)
{
    work(100, 2);

    ck_assert_double_eq_tol(throughput.per_second, 500, 20);
}
END_TEST

START_TEST(follows_a_change_within_a_few_seconds)
{
    work(5000, 2);
    work(4000, 10);

    ck_assert_double_eq_tol(throughput.per_second, 100, 20);
}
END_TEST

START_TEST(shrinks_while_nothing_comes_back)
{
    work(5000, 2);
    work(1000, 0);

    ck_assert_double_le(throughput.per_second, 200);
    work(5000, 0);
    ck_assert_double_le(throughput.per_second, 5);
}
END_TEST

START_TEST(forgets_all_when_nothing_has_come_back_for_long_and_nobody_looked)
{
    work(5000, 2);
    now_ms += 60000;
    throughput_advance(&throughput, true, now_ms);

    ck_assert_double_eq_tol(throughput.per_second, 0, 0.1);
}
END_TEST

START_TEST(learns_nothing_while_nothing_is_asked)
{
    work(5000, 2);
    double before = throughput.per_second;

    rest(3600000);

    ck_assert_double_eq_tol(throughput.per_second, before, 0.1);
}
END_TEST

START_TEST(follows_the_latency_of_replies)
{
    for (int i = 0; i < 40; i++) {
        throughput_note_reply(&throughput, 800);
    }

    ck_assert_double_eq_tol(throughput.latency_ms, 800, 10);
}
END_TEST

START_TEST(takes_silence_for_a_latency_of_at_least_that)
{
    throughput_note_silence(&throughput, 5000);
    throughput_note_silence(&throughput, 100);

    ck_assert_double_eq_tol(throughput.latency_ms, 5000, 0.1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, knows_nothing_at_first);
    tcase_add_test(tests, learns_quickly);
    tcase_add_test(tests, follows_a_change_within_a_few_seconds);
    tcase_add_test(tests, shrinks_while_nothing_comes_back);
    tcase_add_test(tests, forgets_all_when_nothing_has_come_back_for_long_and_nobody_looked);
    tcase_add_test(tests, learns_nothing_while_nothing_is_asked);
    tcase_add_test(tests, follows_the_latency_of_replies);
    tcase_add_test(tests, takes_silence_for_a_latency_of_at_least_that);
}
CHECK_MAIN("gateway throughput", add_tests)
