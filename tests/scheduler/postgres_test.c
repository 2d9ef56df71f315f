/* The scheduler's adapters, on PostgreSQL, but for the outbox and expiry. */

#include "adapters/postgres_dead_letters.h"
#include "adapters/postgres_outbox.h"
#include "adapters/postgres_readiness.h"
#include "adapters/postgres_schedule.h"
#include "tests/support/check_main.h"
#include "tests/support/database.h"

#define ID(digit) "00000000-0000-4000-8000-00000000000" #digit

static struct test_database database;
static struct arena *arena;
static struct postgres *db;
static struct postgres *other_db; /* of another scheduler */
static struct postgres_outbox outbox;
static struct postgres_dead_letters dead_letters;
static struct outbox_message taken[OUTBOX_BATCH_MAX];
static size_t count;

static void create(void)
{
    test_database_create(&database);
    test_database_migrate(&database);
}

static void drop(void)
{
    test_database_drop(&database);
}

static struct postgres *new_connection(void)
{
    const struct postgres_options options = {
        .url = database.url,
        .application_name = "scheduler",
    };
    return postgres_new(&options);
}

static void setup(void)
{
    test_database_clear(&database);
    arena = arena_new();
    db = new_connection();
    other_db = new_connection();
    postgres_outbox_init(&outbox, db);
    postgres_dead_letters_init(&dead_letters, db);
}

static void teardown(void)
{
    postgres_free(other_db);
    postgres_free(db);
    arena_free(arena);
}

static int64_t rows_of(const char *table)
{
    return test_database_integer(&database, "SELECT count(*) FROM %s", table);
}

static struct dead_letter letter = {
    .message_id = ID(1),
    .message = "posts.delete",
    .code = "internal",
    .detail = "the broker gave it up",
    .body = "{\"post_id\":1}",
    .headers = "{}",
};

START_TEST(keeps_a_dead_letter_once_for_each_reason)
{
    expect_ok(dead_letters_keep(&dead_letters.dead_letters, &letter));
    expect_ok(dead_letters_keep(&dead_letters.dead_letters, &letter));
    letter.code = "expired";
    expect_ok(dead_letters_keep(&dead_letters.dead_letters, &letter));

    ck_assert_int_eq(rows_of("dead_letters"), 2);
}
END_TEST

START_TEST(keeps_each_dead_letter_that_has_no_identity)
{
    letter.message_id = NULL;

    expect_ok(dead_letters_keep(&dead_letters.dead_letters, &letter));
    expect_ok(dead_letters_keep(&dead_letters.dead_letters, &letter));

    ck_assert_int_eq(rows_of("dead_letters"), 2);
}
END_TEST

START_TEST(a_migrated_database_is_ready_and_an_empty_one_is_not)
{
    struct postgres_readiness readiness;
    postgres_readiness_init(&readiness, db);
    expect_ok(readiness_check(&readiness.readiness));
    struct test_database empty;
    test_database_create(&empty);
    const struct postgres_options options = {.url = empty.url, .application_name = "scheduler"};
    struct postgres *empty_db = postgres_new(&options);
    postgres_readiness_init(&readiness, empty_db);

    expect_err(ERR_UNAVAILABLE, readiness_check(&readiness.readiness));

    ck_assert_str_ne(readiness_trouble(&readiness.readiness), "");
    postgres_free(empty_db);
    test_database_drop(&empty);
}
END_TEST

static const struct slot slot = {
    .job = "report-dead-letters",
    .slot_s = 1700000000,
    .message = "dead_letters.report",
    .body = "{\"hours\":24}",
    .deadline_ms = 1700086400000,
};

/* Fire a slot `periods` later than the first, by this connection; true if it was this one. */
static bool fire_later(struct postgres *by, int64_t periods)
{
    struct postgres_schedule schedule;
    struct slot later = slot;
    bool is_fired;
    postgres_schedule_init(&schedule, by);
    later.slot_s += periods * 86400;
    expect_ok(schedule_fire(&schedule.schedule, &later, &is_fired));
    return is_fired;
}

START_TEST(a_job_seen_for_the_first_time_waits_for_its_next_slot)
{
    ck_assert(!fire_later(db, 0));

    ck_assert_int_eq(rows_of("schedule"), 1);
    ck_assert_int_eq(rows_of("outbox"), 0);
}
END_TEST

START_TEST(a_slot_is_fired_by_one_of_two_schedulers)
{
    ck_assert(!fire_later(db, 0));

    ck_assert(fire_later(db, 1));
    ck_assert(!fire_later(other_db, 1));
    ck_assert(!fire_later(other_db, 0));

    ck_assert_int_eq(rows_of("outbox"), 1);
}
END_TEST

START_TEST(the_message_of_a_slot_is_swept_at_once)
{
    ck_assert(!fire_later(db, 0));
    ck_assert(fire_later(db, 1));

    expect_ok(outbox_take(&outbox.outbox, arena, NULL, taken, &count));

    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(taken[0].name, "dead_letters.report");
    ck_assert_str_eq(taken[0].body, "{\"hours\":24}");
}
END_TEST

START_TEST(the_clock_is_the_database_s)
{
    struct postgres_schedule schedule;
    int64_t now_s;
    postgres_schedule_init(&schedule, db);

    expect_ok(schedule_now(&schedule.schedule, &now_s));

    int64_t expected =
        test_database_integer(&database, "SELECT floor(extract(epoch FROM clock_timestamp()))");
    ck_assert_int_ge(now_s, expected - 5);
    ck_assert_int_le(now_s, expected);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, create, drop);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, keeps_a_dead_letter_once_for_each_reason);
    tcase_add_test(tests, keeps_each_dead_letter_that_has_no_identity);
    tcase_add_test(tests, a_migrated_database_is_ready_and_an_empty_one_is_not);
    tcase_add_test(tests, a_job_seen_for_the_first_time_waits_for_its_next_slot);
    tcase_add_test(tests, a_slot_is_fired_by_one_of_two_schedulers);
    tcase_add_test(tests, the_message_of_a_slot_is_swept_at_once);
    tcase_add_test(tests, the_clock_is_the_database_s);
}
CHECK_MAIN("scheduler postgres", add_tests)
