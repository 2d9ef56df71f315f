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
            throughput_note_reply(&throughput);
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
    ck_assert(!throughput_is_known(&throughput));
}
END_TEST

START_TEST(knows_something_after_some_replies_or_a_second_without)
{
    work(40, 20);
    ck_assert(!throughput_is_known(&throughput));
    work(200, 20);
    ck_assert(throughput_is_known(&throughput));

    setup();
    work(990, 0);
    ck_assert(!throughput_is_known(&throughput));
    work(20, 0);
    ck_assert(throughput_is_known(&throughput));
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

START_TEST(forgets_little_in_a_short_standstill_and_nearly_all_in_a_long_one)
{
    work(5000, 2);
    now_ms += 2000;
    throughput_advance(&throughput, true, now_ms);
    ck_assert_double_ge(throughput.per_second, 100);
    now_ms += 60000;
    throughput_advance(&throughput, true, now_ms);

    ck_assert_double_le(throughput.per_second, 5);
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

START_TEST(is_slow_when_all_is_late_for_a_second)
{
    throughput_note_wait(&throughput, true);
    work(999, 0);
    ck_assert(!throughput_is_slow(&throughput));
    throughput_note_wait(&throughput, true);
    work(1, 0);

    ck_assert(throughput_is_slow(&throughput));
}
END_TEST

START_TEST(is_not_slow_as_soon_as_something_is_quick)
{
    throughput_note_wait(&throughput, true);
    work(5000, 0);
    throughput_note_wait(&throughput, false);

    ck_assert(!throughput_is_slow(&throughput));
}
END_TEST

START_TEST(forgets_a_trouble_that_nobody_has_met_for_some_seconds)
{
    throughput_note_wait(&throughput, true);
    work(10000, 0);
    rest(4000);
    ck_assert(throughput_is_slow(&throughput));
    ck_assert(throughput_is_known(&throughput));

    rest(6000);

    ck_assert(!throughput_is_slow(&throughput));
    ck_assert(!throughput_is_known(&throughput));
}
END_TEST

START_TEST(does_not_forget_a_trouble_that_lasts)
{
    throughput_note_wait(&throughput, true);
    now_ms += 10000;
    throughput_advance(&throughput, true, now_ms);

    ck_assert(throughput_is_slow(&throughput));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, knows_nothing_at_first);
    tcase_add_test(tests, knows_something_after_some_replies_or_a_second_without);
    tcase_add_test(tests, learns_quickly);
    tcase_add_test(tests, follows_a_change_within_a_few_seconds);
    tcase_add_test(tests, shrinks_while_nothing_comes_back);
    tcase_add_test(tests, forgets_little_in_a_short_standstill_and_nearly_all_in_a_long_one);
    tcase_add_test(tests, learns_nothing_while_nothing_is_asked);
    tcase_add_test(tests, is_slow_when_all_is_late_for_a_second);
    tcase_add_test(tests, is_not_slow_as_soon_as_something_is_quick);
    tcase_add_test(tests, forgets_a_trouble_that_nobody_has_met_for_some_seconds);
    tcase_add_test(tests, does_not_forget_a_trouble_that_lasts);
}
CHECK_MAIN("gateway throughput", add_tests)
