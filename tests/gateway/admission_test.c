/* services/gateway/admission.h */

#include "services/gateway/admission.h"

#include <string.h>

#include "common/core/log.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

enum { IN_FLIGHT_MAX = 400, ROUTE_MAX = 300, CALLS = 1000, HOG = 1, OTHER = 2 };

static struct admission *admission;
static struct call calls[CALLS];
static size_t first; /* of the calls that are in flight */
static size_t next;
static int64_t now_ms;

static void setup(void)
{
    const struct admission_limits limits = {.in_flight_max = IN_FLIGHT_MAX,
                                            .route_in_flight_max = ROUTE_MAX};
    log_configure("test", LOG_FORMAT_TEXT, LOG_ERROR);
    test_gateway_init();
    admission = admission_new(&test_gateway, &limits);
    memset(calls, 0, sizeof(calls));
    first = next = 0;
    now_ms = 1000000;
}

static void teardown(void)
{
    admission_free(admission);
}

static const struct contract *message(const char *name)
{
    return contract_find(name, strlen(name));
}

static bool enter(const char *name, uint64_t caller)
{
    struct call *call = &calls[next % CALLS];
    *call = (struct call){.contract = message(name), .caller = caller * 0x9e3779b97f4a7c15};
    bool is_in = admission_enter(admission, call, now_ms);
    next += is_in ? 1 : 0;
    return is_in;
}

static void leave(enum admission_end end)
{
    admission_leave(admission, &calls[first++ % CALLS], end, now_ms);
}

/* How many of so many are let in. */
static size_t enter_many(size_t count, const char *name, uint64_t caller)
{
    size_t entered = 0;
    for (size_t i = 0; i < count; i++) {
        entered += enter(name, caller) ? 1 : 0;
    }
    return entered;
}

/* As many callers as it takes. */
static size_t enter_crowd(size_t count, const char *name)
{
    size_t entered = 0;
    for (size_t i = 0; i < count; i++) {
        entered += enter(name, 1000 + i) ? 1 : 0;
    }
    return entered;
}

/* Somebody answers so many a second, and more than that is asked by all the world. */
static void serve(const char *name, int64_t ms, int64_t per_second)
{
    for (int64_t i = 1; i <= ms; i++) {
        now_ms++;
        for (int64_t n = i * per_second / 1000 - (i - 1) * per_second / 1000; n > 0; n--) {
            if (first < next) {
                leave(ADMISSION_ANSWERED);
            }
        }
        (void)enter_crowd(3, name);
    }
}

static size_t room(const char *name)
{
    return admission_room(admission, message(name));
}

START_TEST(lets_a_burst_in_before_anything_is_known)
{
    ck_assert_uint_ge(enter_many(64, "posts.list", HOG), 64);
}
END_TEST

START_TEST(lets_as_many_in_as_the_setting_says_when_answers_are_quick)
{
    serve("posts.list", 2000, 2000);

    ck_assert_uint_eq(room("posts.list"), ROUTE_MAX);
}
END_TEST

START_TEST(lets_in_what_is_answered_within_half_of_the_time_out)
{
    serve("posts.list", 20000, 40);

    ck_assert_uint_ge(room("posts.list"), 90); /* 40 a second, 2.5 s */
    ck_assert_uint_le(room("posts.list"), 110);
    ck_assert_uint_le(next - first, 110);
}
END_TEST

START_TEST(lets_little_in_where_answers_are_slow)
{
    serve("posts.list", 20000, 8);

    ck_assert_uint_ge(room("posts.list"), 17);
    ck_assert_uint_le(room("posts.list"), 23);
}
END_TEST

START_TEST(keeps_little_room_for_what_nobody_answers)
{
    serve("posts.list", 2000, 2000);
    for (int second = 0; second < 10; second++) {
        now_ms += 1000;
        (void)enter_crowd(10, "posts.list");
    }
    while (first < next) {
        leave(ADMISSION_UNANSWERED);
    }
    (void)enter("posts.list", OTHER);
    now_ms += 2000;
    (void)enter("posts.list", OTHER);

    ck_assert_uint_eq(room("posts.list"), 4);
}
END_TEST

START_TEST(keeps_room_for_a_burst_while_a_service_starts_again)
{
    serve("posts.list", 2000, 2000);
    while (first < next) {
        leave(ADMISSION_ANSWERED);
    }
    ck_assert_uint_eq(enter_crowd(60, "posts.list"), 60);
    now_ms += 4000;
    for (size_t i = 0; i < 60; i++) {
        leave(ADMISSION_ANSWERED);
        ck_assert(enter("posts.list", 5000 + i));
    }
}
END_TEST

START_TEST(finds_out_when_things_have_become_better)
{
    ck_assert_uint_ge(enter_crowd(8, "posts.list"), 8);
    now_ms += 5000;
    while (first < next) {
        leave(ADMISSION_UNANSWERED);
    }
    (void)enter("posts.list", OTHER);
    now_ms += 1000;
    (void)enter("posts.list", OTHER);
    ck_assert_uint_eq(room("posts.list"), 4);

    serve("posts.list", 1000, 2000);

    ck_assert_uint_eq(room("posts.list"), ROUTE_MAX);
}
END_TEST

START_TEST(leaves_the_room_of_one_message_to_itself)
{
    serve("posts.list", 20000, 8);

    ck_assert_uint_ge(room("users.me"), 64);
}
END_TEST

START_TEST(bounds_all_messages_together)
{
    static const char *const names[] = {"posts.list", "posts.my", "users.me", "posts.retrieve",
                                        "posts.create"};
    for (size_t i = 0; i < 5; i++) {
        (void)enter_crowd(200, names[i]);
    }

    ck_assert_uint_eq(next, IN_FLIGHT_MAX);
    leave(ADMISSION_LEFT);
    ck_assert(enter("users.logout", OTHER));
    ck_assert(!enter("users.logout", OTHER));
}
END_TEST

START_TEST(gives_one_caller_half_of_the_room_and_leaves_the_rest_for_others)
{
    size_t all = room("posts.list");

    ck_assert_uint_eq(enter_many(CALLS / 2, "posts.list", HOG), all / 2);
    ck_assert(enter("posts.list", OTHER));
}
END_TEST

START_TEST(gives_each_caller_the_same_share)
{
    size_t all = room("posts.list");
    size_t held[4] = {0};
    for (size_t i = 0; i < all; i++) {
        for (size_t caller = 0; caller < 3; caller++) {
            held[caller] += enter("posts.list", caller + 1) ? 1 : 0;
        }
    }

    for (size_t caller = 0; caller < 3; caller++) {
        ck_assert_uint_ge(held[caller], all / 4 - 1);
    }
    ck_assert(enter("posts.list", 4));
}
END_TEST

START_TEST(lets_a_caller_with_nothing_in_as_long_as_there_is_room_at_all)
{
    size_t all = room("posts.list");

    ck_assert_uint_ge(enter_crowd(6 * all, "posts.list"), all - 1);
}
END_TEST

START_TEST(gives_a_share_back_when_calls_have_ended)
{
    size_t all = room("posts.list");
    (void)enter_many(all, "posts.list", HOG);
    ck_assert(!enter("posts.list", HOG));
    while (first < next) {
        leave(ADMISSION_LEFT);
    }

    ck_assert_uint_eq(enter_many(all, "posts.list", HOG), all / 2);
}
END_TEST

START_TEST(knows_only_messages_of_routes)
{
    ck_assert(!enter("users.send_registration_notification", OTHER));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, lets_a_burst_in_before_anything_is_known);
    tcase_add_test(tests, lets_as_many_in_as_the_setting_says_when_answers_are_quick);
    tcase_add_test(tests, lets_in_what_is_answered_within_half_of_the_time_out);
    tcase_add_test(tests, lets_little_in_where_answers_are_slow);
    tcase_add_test(tests, keeps_little_room_for_what_nobody_answers);
    tcase_add_test(tests, keeps_room_for_a_burst_while_a_service_starts_again);
    tcase_add_test(tests, finds_out_when_things_have_become_better);
    tcase_add_test(tests, leaves_the_room_of_one_message_to_itself);
    tcase_add_test(tests, bounds_all_messages_together);
    tcase_add_test(tests, gives_one_caller_half_of_the_room_and_leaves_the_rest_for_others);
    tcase_add_test(tests, gives_each_caller_the_same_share);
    tcase_add_test(tests, lets_a_caller_with_nothing_in_as_long_as_there_is_room_at_all);
    tcase_add_test(tests, gives_a_share_back_when_calls_have_ended);
    tcase_add_test(tests, knows_only_messages_of_routes);
}
CHECK_MAIN("gateway admission", add_tests)
