/* The cursors of lists, and those that somebody made himself. */

#include "services/query/adapters/postgres_cursor.h"
#include "tests/support/check_main.h"

#define YEAR_9999 INT64_C(253402300799999999)

static struct arena *arena;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

static bool is_taken(int64_t moment)
{
    struct postgres_cursor cursor;
    const struct postgres_cursor made = {.moment = moment, .id = 7};
    return postgres_cursor_decode(postgres_cursor_encode(&made, arena), &cursor);
}

START_TEST(a_place_survives_the_way_to_text_and_back)
{
    const struct postgres_cursor place = {.moment = 1700000000123456, .id = 7};
    struct postgres_cursor cursor;

    ck_assert(postgres_cursor_decode(postgres_cursor_encode(&place, arena), &cursor));

    ck_assert_int_eq(cursor.moment, place.moment);
    ck_assert_int_eq(cursor.id, place.id);
}
END_TEST

START_TEST(a_time_that_the_database_does_not_have_is_none_of_ours)
{
    ck_assert(is_taken(0));
    ck_assert(is_taken(YEAR_9999));

    ck_assert(!is_taken(-1));
    ck_assert(!is_taken(YEAR_9999 + 1));
    ck_assert(!is_taken(INT64_MIN));
    ck_assert(!is_taken(INT64_MAX));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_place_survives_the_way_to_text_and_back);
    tcase_add_test(tests, a_time_that_the_database_does_not_have_is_none_of_ours);
}
CHECK_MAIN("query.cursor", add_tests)
