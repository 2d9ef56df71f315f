/* services/gateway/waiting.h */

#include "services/gateway/waiting.h"

#include <string.h>

#include "tests/support/check_main.h"

enum { CAPACITY = 3, MANY = 10 };

static struct waiting *waiting;
static struct call calls[CAPACITY + 1];

static void setup(void)
{
    memset(calls, 0, sizeof(calls));
    waiting = waiting_new(CAPACITY);
}

static void teardown(void)
{
    waiting_free(waiting);
}

static void fill(void)
{
    for (int i = 0; i < CAPACITY; i++) {
        ck_assert(waiting_add(waiting, &calls[i]));
    }
}

START_TEST(finds_each_call_by_its_correlation_id)
{
    fill();

    for (int i = 0; i < CAPACITY; i++) {
        ck_assert_ptr_eq(waiting_find(waiting, calls[i].correlation_id), &calls[i]);
    }
    ck_assert_uint_eq(waiting_count(waiting), CAPACITY);
}
END_TEST

START_TEST(takes_no_more_than_it_has_room_for)
{
    fill();

    ck_assert(!waiting_add(waiting, &calls[CAPACITY]));
}
END_TEST

START_TEST(finds_nothing_by_an_id_it_did_not_give)
{
    static const char *const ids[] = {NULL,
                                      "",
                                      "00000000000000010000000000000000",
                                      "ffffffff000000010000000000000000",
                                      "zzzzzzzz000000010000000000000000",
                                      "0000000000000001000000000000000",
                                      "000000000000000100000000000000000"};
    fill();

    ck_assert_ptr_null(waiting_find(waiting, ids[_i]));
}
END_TEST

START_TEST(gives_ids_that_differ_between_two_tables)
{
    struct waiting *other = waiting_new(CAPACITY);
    ck_assert(waiting_add(waiting, &calls[0]));
    ck_assert(waiting_add(other, &calls[1]));

    ck_assert_ptr_null(waiting_find(other, calls[0].correlation_id));

    waiting_free(other);
}
END_TEST

START_TEST(forgets_a_call_and_uses_its_room_under_another_id)
{
    char old_id[CORRELATION_TEXT_SIZE];
    fill();
    strcpy(old_id, calls[1].correlation_id);
    waiting_remove(waiting, &calls[1]);

    ck_assert_ptr_null(waiting_find(waiting, old_id));
    ck_assert(waiting_add(waiting, &calls[CAPACITY]));
    ck_assert_uint_eq(calls[CAPACITY].slot, calls[1].slot);
    ck_assert_ptr_null(waiting_find(waiting, old_id));
    ck_assert_ptr_eq(waiting_find(waiting, calls[CAPACITY].correlation_id), &calls[CAPACITY]);
}
END_TEST

START_TEST(keeps_the_order_in_which_calls_came)
{
    fill();
    waiting_remove(waiting, &calls[1]);
    ck_assert(waiting_add(waiting, &calls[1]));

    ck_assert_ptr_eq(waiting_oldest(waiting), &calls[0]);
    ck_assert_ptr_eq(calls[0].next, &calls[2]);
    ck_assert_ptr_eq(calls[2].next, &calls[1]);
    ck_assert_ptr_null(calls[1].next);
}
END_TEST

START_TEST(knows_which_wait_ends_first)
{
    static const int64_t ends_ms[MANY] = {50, 20, 90, 20, 10, 70, 30, 80, 60, 40};
    static struct call many[MANY];
    struct waiting *table = waiting_new(MANY);
    for (int i = 0; i < MANY; i++) {
        many[i].expires_ms = ends_ms[i];
        ck_assert(waiting_add(table, &many[i]));
    }
    waiting_remove(table, &many[6]);
    waiting_set_end(table, &many[4], 100);

    int64_t latest_ms = 0;
    for (int i = 0; i < MANY - 1; i++) {
        struct call *call = waiting_first_to_end(table);
        ck_assert_int_ge(call->expires_ms, latest_ms);
        latest_ms = call->expires_ms;
        waiting_remove(table, call);
    }

    ck_assert_int_eq(latest_ms, 100);
    ck_assert_ptr_null(waiting_first_to_end(table));
    waiting_free(table);
}
END_TEST

START_TEST(finds_each_call_by_its_latest_publication)
{
    fill();
    for (int i = 0; i < CAPACITY; i++) {
        waiting_note_published(waiting, &calls[i], 1000 * ((uint64_t)i + 1));
    }
    waiting_note_published(waiting, &calls[1], 5000);

    ck_assert_ptr_eq(waiting_find_published(waiting, 1000), &calls[0]);
    ck_assert_ptr_eq(waiting_find_published(waiting, 5000), &calls[1]);
    ck_assert_ptr_null(waiting_find_published(waiting, 2000));
    waiting_remove(waiting, &calls[0]);
    ck_assert_ptr_null(waiting_find_published(waiting, 1000));
    ck_assert_ptr_eq(waiting_find_published(waiting, 3000), &calls[2]);
}
END_TEST

START_TEST(is_empty_when_all_are_gone)
{
    fill();
    waiting_remove(waiting, &calls[2]);
    waiting_remove(waiting, &calls[0]);
    waiting_remove(waiting, &calls[1]);

    ck_assert_ptr_null(waiting_oldest(waiting));
    ck_assert_uint_eq(waiting_count(waiting), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, finds_each_call_by_its_correlation_id);
    tcase_add_test(tests, takes_no_more_than_it_has_room_for);
    tcase_add_loop_test(tests, finds_nothing_by_an_id_it_did_not_give, 0, 7);
    tcase_add_test(tests, gives_ids_that_differ_between_two_tables);
    tcase_add_test(tests, forgets_a_call_and_uses_its_room_under_another_id);
    tcase_add_test(tests, keeps_the_order_in_which_calls_came);
    tcase_add_test(tests, knows_which_wait_ends_first);
    tcase_add_test(tests, finds_each_call_by_its_latest_publication);
    tcase_add_test(tests, is_empty_when_all_are_gone);
}
CHECK_MAIN("gateway waiting", add_tests)
