/* Which worker does not tick any more. */

#include "common/service/watch.h"

#include "common/core/settings.h"
#include "tests/support/check_main.h"

enum { START_MS = 1000000, LIMIT_MS = 5000 };

static struct settings settings;
static struct watch watch;

static void setup(void)
{
    settings = (struct settings){.heartbeat_seconds = 10, .stuck_after_ms = LIMIT_MS};
    watch_init(&watch, &settings, START_MS);
}

static void look_until(int64_t end_ms)
{
    for (int64_t now_ms = watch.looked_ms; now_ms <= end_ms; now_ms += WATCH_PAUSE_MS) {
        watch_look(&watch, now_ms);
    }
}

START_TEST(leaves_a_worker_alone_that_ticks)
{
    look_until(START_MS + 100 * LIMIT_MS);

    ck_assert(!watch_is_stuck(&watch, watch.looked_ms - LIMIT_MS, watch.looked_ms));
}
END_TEST

START_TEST(finds_a_worker_that_does_not)
{
    look_until(START_MS + 100 * LIMIT_MS);

    ck_assert(watch_is_stuck(&watch, watch.looked_ms - LIMIT_MS - 1, watch.looked_ms));
}
END_TEST

START_TEST(blames_nobody_for_the_time_in_which_all_stood_still)
{
    look_until(START_MS + LIMIT_MS);
    int64_t woken_ms = watch.looked_ms + 10 * LIMIT_MS;

    watch_look(&watch, woken_ms);

    ck_assert(!watch_is_stuck(&watch, START_MS, woken_ms));
    ck_assert(!watch_is_stuck(&watch, START_MS, woken_ms + LIMIT_MS));
    ck_assert(watch_is_stuck(&watch, START_MS, woken_ms + LIMIT_MS + 1));
}
END_TEST

START_TEST(is_patient_for_two_heartbeats_where_nothing_is_set)
{
    settings.stuck_after_ms = 0;
    settings.heartbeat_seconds = 60;
    watch_init(&watch, &settings, START_MS);
    ck_assert_int_eq(watch.limit_ms, 120000);

    settings.heartbeat_seconds = 10;
    watch_init(&watch, &settings, START_MS);
    ck_assert_int_eq(watch.limit_ms, 30000); /* and longer than a turn may take */
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, leaves_a_worker_alone_that_ticks);
    tcase_add_test(tests, finds_a_worker_that_does_not);
    tcase_add_test(tests, blames_nobody_for_the_time_in_which_all_stood_still);
    tcase_add_test(tests, is_patient_for_two_heartbeats_where_nothing_is_set);
}
CHECK_MAIN("service.watch", add_tests)
