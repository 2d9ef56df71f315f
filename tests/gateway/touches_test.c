/* services/gateway/touches.h */

#include "services/gateway/touches.h"

#include <stdio.h>

#include "tests/support/check_main.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

enum { NOW_MS = 1000000, FIVE_MINUTES_MS = 300000 };

static struct touches *touches;

static void setup(void)
{
    touches = touches_new();
}

static void teardown(void)
{
    touches_free(touches);
}

START_TEST(a_session_is_noted_at_most_once_in_five_minutes)
{
    ck_assert(touches_are_due(touches, A, NOW_MS));
    ck_assert(!touches_are_due(touches, A, NOW_MS));
    ck_assert(!touches_are_due(touches, A, NOW_MS + FIVE_MINUTES_MS - 1));

    ck_assert(touches_are_due(touches, A, NOW_MS + FIVE_MINUTES_MS));
    ck_assert(!touches_are_due(touches, A, NOW_MS + FIVE_MINUTES_MS + 1));
}
END_TEST

START_TEST(what_was_not_noted_after_all_is_due_at_once)
{
    ck_assert(touches_are_due(touches, A, NOW_MS));
    ck_assert(touches_are_due(touches, B, NOW_MS));

    touches_forget(touches, A);

    ck_assert(touches_are_due(touches, A, NOW_MS));
    ck_assert(!touches_are_due(touches, B, NOW_MS));
}
END_TEST

START_TEST(each_session_is_noted_by_itself)
{
    ck_assert(touches_are_due(touches, A, NOW_MS));
    ck_assert(touches_are_due(touches, B, NOW_MS));
}
END_TEST

START_TEST(a_session_that_has_just_begun_is_not_noted)
{
    touches_begin(touches, A, NOW_MS);

    ck_assert(!touches_are_due(touches, A, NOW_MS + 1));
    ck_assert(touches_are_due(touches, A, NOW_MS + FIVE_MINUTES_MS));
}
END_TEST

START_TEST(there_are_not_more_than_a_hundred_a_second)
{
    char digest[65];
    int due = 0;
    for (int i = 0; i < 500; i++) {
        (void)snprintf(digest, sizeof(digest), "%016x%048d", 2 * i, 0);
        due += touches_are_due(touches, digest, NOW_MS) ? 1 : 0;
    }

    ck_assert_int_eq(due, 100);
    ck_assert(touches_are_due(touches, A, NOW_MS + 1000));
}
END_TEST

START_TEST(however_many_there_are_the_latest_are_remembered)
{
    char digest[65];
    for (int i = 0; i < 50000; i++) {
        (void)snprintf(digest, sizeof(digest), "%016x%048d", 2 * i, 0);
        touches_begin(touches, digest, NOW_MS + i);
    }

    ck_assert(!touches_are_due(touches, digest, NOW_MS + 50000));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_session_is_noted_at_most_once_in_five_minutes);
    tcase_add_test(tests, what_was_not_noted_after_all_is_due_at_once);
    tcase_add_test(tests, each_session_is_noted_by_itself);
    tcase_add_test(tests, a_session_that_has_just_begun_is_not_noted);
    tcase_add_test(tests, there_are_not_more_than_a_hundred_a_second);
    tcase_add_test(tests, however_many_there_are_the_latest_are_remembered);
}
CHECK_MAIN("touches", add_tests)
