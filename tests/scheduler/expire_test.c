/* Expiry, batch by batch. */

#include "jobs/expire.h"

#include "tests/scheduler/fake_expiry.h"
#include "tests/support/check_main.h"

static struct fake_expiry expiry;
static struct expire expire;
static struct expire_report report;

static void setup(void)
{
    fake_expiry_init(&expiry);
    expire = (struct expire){.expiry = &expiry.base};
}

/* Steps of a whole round: how many there were. */
static int do_round(void)
{
    int steps = 0;
    do {
        expect_ok(expire_step(&expire, &report));
        steps++;
    } while (!report.is_over);
    return steps;
}

START_TEST(removes_whatever_has_had_its_time)
{
    expiry.over[EXPIRING_SESSIONS] = 1;
    expiry.over[EXPIRING_IDENTITIES] = 2;
    expiry.over[EXPIRING_ATTEMPTS] = 3;
    expiry.over[EXPIRING_LOGIN_ATTEMPTS] = 4;

    ck_assert_int_eq(do_round(), EXPIRING_COUNT);

    ck_assert_uint_eq(report.removed[EXPIRING_SESSIONS], 1);
    ck_assert_uint_eq(report.removed[EXPIRING_IDENTITIES], 2);
    ck_assert_uint_eq(report.removed[EXPIRING_ATTEMPTS], 3);
    ck_assert_uint_eq(report.removed[EXPIRING_LOGIN_ATTEMPTS], 4);
}
END_TEST

START_TEST(goes_on_while_batches_are_full)
{
    expiry.over[EXPIRING_IDENTITIES] = 2500;

    ck_assert_int_eq(do_round(), EXPIRING_COUNT + 2);

    ck_assert_uint_eq(expiry.over[EXPIRING_IDENTITIES], 0);
    ck_assert_uint_eq(report.removed[EXPIRING_IDENTITIES], 2500);
}
END_TEST

START_TEST(begins_a_new_round_with_nothing_removed)
{
    expiry.over[EXPIRING_SESSIONS] = 3;
    do_round();

    do_round();

    ck_assert_uint_eq(report.removed[EXPIRING_SESSIONS], 0);
}
END_TEST

START_TEST(passes_trouble_on)
{
    expiry.fails_with[EXPIRING_SESSIONS] = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, expire_step(&expire, &report));
}
END_TEST

START_TEST(a_kind_that_fails_holds_up_no_other)
{
    expiry.over[EXPIRING_IDENTITIES] = 1;
    expiry.over[EXPIRING_ATTEMPTS] = 3;
    expiry.over[EXPIRING_LOGIN_ATTEMPTS] = 4;
    expiry.fails_with[EXPIRING_IDENTITIES] = ERR_UNAVAILABLE;
    int failures = 0;

    do {
        failures += expire_step(&expire, &report) == OK ? 0 : 1;
    } while (!report.is_over);

    ck_assert_int_eq(failures, 1);
    ck_assert_uint_eq(expiry.over[EXPIRING_IDENTITIES], 1);
    ck_assert_uint_eq(expiry.over[EXPIRING_ATTEMPTS], 0);
    ck_assert_uint_eq(expiry.over[EXPIRING_LOGIN_ATTEMPTS], 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, removes_whatever_has_had_its_time);
    tcase_add_test(tests, goes_on_while_batches_are_full);
    tcase_add_test(tests, begins_a_new_round_with_nothing_removed);
    tcase_add_test(tests, passes_trouble_on);
    tcase_add_test(tests, a_kind_that_fails_holds_up_no_other);
}
CHECK_MAIN("scheduler expire", add_tests)
