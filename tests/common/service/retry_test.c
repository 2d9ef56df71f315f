/* When a message is tried again, and as what. */

#include <stdlib.h>
#include <string.h>

#include "common/service/envelope.h"
#include "common/service/retry.h"
#include "tests/support/check_main.h"

enum { SAMPLES = 200 };

static struct bus_header headers[BUS_HEADERS_MAX];
static struct bus_message message;
static struct retry_copy copy;

static void setup(void)
{
    message = (struct bus_message){
        .exchange = "postroom.commands",
        .routing_key = "posts.create",
        .type = "posts.create",
        .content_type = "application/json",
        .message_id = "0190a7f0-0000-7000-8000-000000000001",
        .correlation_id = "c1",
        .reply_to = "replies",
        .headers = headers,
        .body = "{}",
        .body_size = 2,
        .timestamp = 1700000000,
    };
}

static void add_header(const char *name, enum bus_value_kind kind)
{
    headers[message.header_count++] =
        (struct bus_header){.name = name, .kind = kind, .text = "text", .integer = 7};
}

static const struct bus_header *header_of_copy(const char *name)
{
    for (size_t i = 0; i < copy.message.header_count; i++) {
        if (strcmp(copy.message.headers[i].name, name) == 0) {
            return &copy.message.headers[i];
        }
    }
    return NULL;
}

static void make(int64_t retries)
{
    ck_assert(retry_copy_make(&message, "command.posts.create", retries, 2000, &copy));
}

static void expect_between(int64_t least, int64_t most, int64_t value)
{
    ck_assert_int_ge(value, least);
    ck_assert_int_le(value, most);
}

START_TEST(pauses_shortly_between_the_tries_of_a_worker)
{
    for (int i = 0; i < SAMPLES; i++) {
        expect_between(50, 100, retry_pause_ms(1));
        expect_between(200, 400, retry_pause_ms(2));
    }
}
END_TEST

START_TEST(pauses_ever_longer_where_there_is_no_end_to_the_tries)
{
    for (int i = 0; i < SAMPLES; i++) {
        expect_between(400, 800, retry_pause_ms(3));
        expect_between(15000, 30000, retry_pause_ms(1000));
    }
}
END_TEST

START_TEST(goes_up_the_ladder_and_stays_on_its_last_rung)
{
    for (int i = 0; i < RETRY_RUNGS; i++) {
        ck_assert_ptr_eq(retry_rung_of(i), &retry_rungs[i]);
    }
    ck_assert_ptr_eq(retry_rung_of(RETRIES_MAX), &retry_rungs[RETRY_RUNGS - 1]);
    ck_assert_ptr_eq(retry_rung_of(INT64_MAX), &retry_rungs[RETRY_RUNGS - 1]);
    ck_assert_ptr_eq(retry_rung_of(-1), &retry_rungs[0]);
}
END_TEST

START_TEST(waits_half_of_a_rungs_time_or_more_and_never_longer_than_the_rung)
{
    for (int retries = 0; retries <= RETRIES_MAX; retries++) {
        int64_t most_ms = retry_rung_of(retries)->wait_max_ms;
        for (int i = 0; i < SAMPLES; i++) {
            expect_between(most_ms / 2, most_ms, retry_wait_ms(retries, 2000));
        }
    }
}
END_TEST

START_TEST(waits_as_long_as_it_is_set_to)
{
    static const int64_t factors[] = {1, 5, 30, 150, 450};
    for (int i = 0; i < RETRY_RUNGS; i++) {
        expect_between(5 * factors[i], 10 * factors[i], retry_wait_ms(i, 10));
    }
}
END_TEST

START_TEST(does_not_wait_always_alike)
{
    int64_t first = retry_wait_ms(4, 2000);
    bool is_other = false;
    for (int i = 0; i < SAMPLES; i++) {
        is_other = is_other || retry_wait_ms(4, 2000) != first;
    }
    ck_assert(is_other);
}
END_TEST

START_TEST(copies_the_message_for_the_way_back_to_its_queue)
{
    make(0);

    ck_assert_str_eq(copy.message.exchange, "postroom.retry.1");
    ck_assert_str_eq(copy.message.routing_key, "command.posts.create");
    ck_assert(copy.message.is_persistent);
    ck_assert(copy.message.is_mandatory);
    ck_assert_str_eq(copy.message.type, message.type);
    ck_assert_str_eq(copy.message.content_type, message.content_type);
    ck_assert_str_eq(copy.message.message_id, message.message_id);
    ck_assert_str_eq(copy.message.correlation_id, message.correlation_id);
    ck_assert_str_eq(copy.message.reply_to, message.reply_to);
    ck_assert_int_eq(copy.message.timestamp, message.timestamp);
    ck_assert_uint_eq(copy.message.body_size, 2);
    ck_assert_ptr_eq(copy.message.body, message.body);
    expect_between(1000, 2000, strtoll(copy.message.expiration, NULL, 10));
}
END_TEST

START_TEST(counts_the_copies)
{
    add_header(HEADER_RETRIES, BUS_INTEGER);

    make(7);

    ck_assert_uint_eq(copy.message.header_count, 1);
    ck_assert_int_eq(header_of_copy(HEADER_RETRIES)->kind, BUS_INTEGER);
    ck_assert_int_eq(header_of_copy(HEADER_RETRIES)->integer, 8);
    make(INT64_MAX);
    ck_assert_int_eq(header_of_copy(HEADER_RETRIES)->integer, RETRIES_MAX);
}
END_TEST

START_TEST(copies_every_header_of_ours_and_none_of_the_brokers)
{
    static const char *const ours[] = {"user_id",        "session",  "new_session",
                                       "client_address", "language", "min_position",
                                       "traceparent",    "deadline", "idempotency_key"};
    for (size_t i = 0; i < ARRAY_COUNT(ours); i++) {
        add_header(ours[i], BUS_INTEGER);
    }
    add_header("x-death", BUS_OTHER);
    add_header("x-first-death-queue", BUS_TEXT);
    add_header("x-delivery-count", BUS_INTEGER);
    add_header("somebody_elses", BUS_TEXT);

    make(0);

    for (size_t i = 0; i < ARRAY_COUNT(ours); i++) {
        ck_assert_ptr_nonnull(header_of_copy(ours[i]));
        ck_assert_int_eq(header_of_copy(ours[i])->integer, 7);
    }
    ck_assert_uint_eq(copy.message.header_count, ARRAY_COUNT(ours) + 1);
}
END_TEST

START_TEST(makes_no_copy_of_less_than_the_message)
{
    for (int i = 0; i < BUS_HEADERS_MAX; i++) {
        add_header(HEADER_LANGUAGE, BUS_TEXT);
    }

    ck_assert(!retry_copy_make(&message, "command.posts.create", 0, 2000, &copy));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, pauses_shortly_between_the_tries_of_a_worker);
    tcase_add_test(tests, pauses_ever_longer_where_there_is_no_end_to_the_tries);
    tcase_add_test(tests, goes_up_the_ladder_and_stays_on_its_last_rung);
    tcase_add_test(tests, waits_half_of_a_rungs_time_or_more_and_never_longer_than_the_rung);
    tcase_add_test(tests, waits_as_long_as_it_is_set_to);
    tcase_add_test(tests, does_not_wait_always_alike);
    tcase_add_test(tests, copies_the_message_for_the_way_back_to_its_queue);
    tcase_add_test(tests, counts_the_copies);
    tcase_add_test(tests, copies_every_header_of_ours_and_none_of_the_brokers);
    tcase_add_test(tests, makes_no_copy_of_less_than_the_message);
}
CHECK_MAIN("service.retry", add_tests)
