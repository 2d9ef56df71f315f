/* Which outgoing messages may be deleted from the outbox. */

#include "common/service/sent.h"
#include "tests/support/check_main.h"

#define FIRST "0190a7f0-0000-7000-8000-000000000001"
#define SECOND "0190a7f0-0000-7000-8000-000000000002"

static struct sent sent;

static void setup(void)
{
    sent = (struct sent){0};
    sent_add(&sent, 10, FIRST);
    sent_add(&sent, 11, SECOND);
}

START_TEST(a_confirmed_message_may_be_deleted)
{
    ck_assert(sent_settled(&sent, 10, true, 500));

    ck_assert_uint_eq(sent.confirmed_count, 1);
    ck_assert_str_eq(sent.confirmed[0], FIRST);
    ck_assert_int_eq(sent.confirmed_since_ms, 500);
    ck_assert_uint_eq(sent.count, 1);
}
END_TEST

START_TEST(confirms_may_come_in_any_order)
{
    ck_assert(sent_settled(&sent, 11, true, 0));
    ck_assert_uint_eq(sent.count, 2);
    ck_assert(sent_settled(&sent, 10, true, 0));

    ck_assert_uint_eq(sent.count, 0);
    ck_assert_uint_eq(sent.confirmed_count, 2);
}
END_TEST

START_TEST(a_returned_message_stays_although_it_is_confirmed)
{
    sent_returned(&sent, 10);

    ck_assert(sent_settled(&sent, 10, true, 0));

    ck_assert_uint_eq(sent.confirmed_count, 0);
}
END_TEST

START_TEST(a_refused_message_stays)
{
    ck_assert(sent_settled(&sent, 10, false, 0));

    ck_assert_uint_eq(sent.confirmed_count, 0);
}
END_TEST

START_TEST(what_was_under_way_on_a_lost_connection_stays)
{
    sent_clear(&sent);

    ck_assert(!sent_settled(&sent, 10, true, 0));

    ck_assert_uint_eq(sent.confirmed_count, 0);
}
END_TEST

START_TEST(knows_its_own_from_others)
{
    ck_assert(!sent_settled(&sent, 12, true, 0));
}
END_TEST

START_TEST(loses_no_confirmation_when_many_come_at_once)
{
    sent = (struct sent){0};
    for (uint64_t i = 1; sent_has_room(&sent); i++) {
        sent_add(&sent, i, FIRST);
    }
    size_t count = sent.count;

    for (uint64_t i = 1; i <= count; i++) {
        ck_assert(sent_settled(&sent, i, true, 0));
    }

    ck_assert_uint_eq(sent.confirmed_count, count);
    ck_assert(!sent_has_room(&sent));
}
END_TEST

START_TEST(takes_no_more_than_fits)
{
    sent = (struct sent){0};
    for (uint64_t i = 0; i < SENT_MAX; i++) {
        ck_assert(sent_has_room(&sent));
        sent_add(&sent, i + 1, FIRST);
    }

    ck_assert(!sent_has_room(&sent));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, a_confirmed_message_may_be_deleted);
    tcase_add_test(tests, confirms_may_come_in_any_order);
    tcase_add_test(tests, a_returned_message_stays_although_it_is_confirmed);
    tcase_add_test(tests, a_refused_message_stays);
    tcase_add_test(tests, what_was_under_way_on_a_lost_connection_stays);
    tcase_add_test(tests, knows_its_own_from_others);
    tcase_add_test(tests, loses_no_confirmation_when_many_come_at_once);
    tcase_add_test(tests, takes_no_more_than_fits);
}
CHECK_MAIN("service.sent", add_tests)
