/* The time format against the C library's. */

#include <stdio.h>
#include <time.h>

#include "common/core/clock.h"
#include "tests/support/check_main.h"

static const char *format(int64_t time_us)
{
    static char text[CLOCK_TEXT_SIZE];
    clock_format(time_us, text);
    return text;
}

START_TEST(always_writes_six_digits)
{
    ck_assert_str_eq(format(0), "1970-01-01T00:00:00.000000Z");
    ck_assert_str_eq(format(1), "1970-01-01T00:00:00.000001Z");
    ck_assert_str_eq(format(INT64_C(1700000000123456)), "2023-11-14T22:13:20.123456Z");
}
END_TEST

START_TEST(writes_times_before_1970)
{
    ck_assert_str_eq(format(-1), "1969-12-31T23:59:59.999999Z");
    ck_assert_str_eq(format(INT64_C(-62135596800000000)), "0001-01-01T00:00:00.000000Z");
}
END_TEST

START_TEST(agrees_with_the_c_library_through_the_centuries)
{
    for (int64_t seconds = -5000000000; seconds < 20000000000; seconds += 7654321) {
        time_t now = (time_t)seconds;
        struct tm broken;
        char expected[64];
        gmtime_r(&now, &broken);
        strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S.000000Z", &broken);

        ck_assert_str_eq(format(seconds * 1000000), expected);
    }
}
END_TEST

START_TEST(the_monotonic_clock_never_goes_back)
{
    int64_t last = clock_monotonic_us();
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_monotonic_us();
        ck_assert_int_ge(now, last);
        last = now;
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, always_writes_six_digits);
    tcase_add_test(tests, writes_times_before_1970);
    tcase_add_test(tests, agrees_with_the_c_library_through_the_centuries);
    tcase_add_test(tests, the_monotonic_clock_never_goes_back);
}
CHECK_MAIN("core.clock", add_tests)
