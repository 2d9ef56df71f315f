/* Expiry, batch by batch. */

#include "jobs/expire.h"

#include "tests/scheduler/fake_expiry.h"
#include "tests/support/check_main.h"

static struct fake_expiry expiry;
static struct expire_report report;

static void setup(void)
{
    fake_expiry_init(&expiry);
}

START_TEST(removes_whatever_has_had_its_time)
{
    expiry.over[EXPIRING_SESSIONS] = 1;
    expiry.over[EXPIRING_IDENTITIES] = 2;
    expiry.over[EXPIRING_ATTEMPTS] = 3;
    expiry.over[EXPIRING_LOGIN_ATTEMPTS] = 4;

    expect_ok(expire_step(&expiry.base, &report));

    ck_assert_uint_eq(report.removed[EXPIRING_SESSIONS], 1);
    ck_assert_uint_eq(report.removed[EXPIRING_IDENTITIES], 2);
    ck_assert_uint_eq(report.removed[EXPIRING_ATTEMPTS], 3);
    ck_assert_uint_eq(report.removed[EXPIRING_LOGIN_ATTEMPTS], 4);
    ck_assert(report.is_over);
}
END_TEST

START_TEST(goes_on_while_batches_are_full)
{
    expiry.over[EXPIRING_IDENTITIES] = 2500;
    int steps = 0;

    do {
        expect_ok(expire_step(&expiry.base, &report));
        steps++;
    } while (!report.is_over);

    ck_assert_int_eq(steps, 3);
    ck_assert_uint_eq(expiry.over[EXPIRING_IDENTITIES], 0);
}
END_TEST

START_TEST(passes_trouble_on)
{
    expiry.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, expire_step(&expiry.base, &report));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, removes_whatever_has_had_its_time);
    tcase_add_test(tests, goes_on_while_batches_are_full);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("scheduler expire", add_tests)
