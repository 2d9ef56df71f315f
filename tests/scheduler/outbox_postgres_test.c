/* The outbox of the scheduler, on PostgreSQL. */

#include "adapters/postgres_outbox.h"
#include "common/core/clock.h"
#include "tests/support/check_main.h"
#include "tests/support/database.h"

#define ID(digit) "00000000-0000-4000-8000-00000000000" #digit

static struct test_database database;
static struct arena *arena;
static struct postgres *db;
static struct postgres *other_db; /* of another scheduler */
static struct postgres_outbox outbox;
static struct postgres_outbox other_outbox;
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
    postgres_outbox_init(&other_outbox, other_db);
}

static void teardown(void)
{
    postgres_free(other_db);
    postgres_free(db);
    arena_free(arena);
}

static void add_outgoing(const char *id, int age_s)
{
    test_database_run(
        &database,
        "INSERT INTO outbox (message_id, created_at, name, body, language, traceparent) VALUES"
        " ('%s', now() - interval '%d s', 'posts.deleted', '{}', 'de', 'trace')",
        id, age_s);
}

static int64_t rows_of(const char *table)
{
    return test_database_integer(&database, "SELECT count(*) FROM %s", table);
}

static void take(struct postgres_outbox *from)
{
    expect_ok(outbox_take(&from->outbox, arena, NULL, taken, &count));
}

START_TEST(takes_the_oldest_first_with_all_there_is_to_know)
{
    add_outgoing(ID(1), 20);
    add_outgoing(ID(2), 30);

    take(&outbox);

    ck_assert_uint_eq(count, 2);
    ck_assert_str_eq(taken[0].message_id, ID(2));
    ck_assert_str_eq(taken[1].message_id, ID(1));
    ck_assert_int_lt(taken[0].created_us, taken[1].created_us);
    ck_assert_str_eq(taken[0].name, "posts.deleted");
    ck_assert_str_eq(taken[0].body, "{}");
    ck_assert_str_eq(taken[0].language, "de");
    ck_assert_str_eq(taken[0].traceparent, "trace");
    ck_assert_str_eq(taken[0].identity, ID(2));
    ck_assert_int_eq(taken[0].user_id, 0);
    ck_assert_ptr_null(taken[0].client_address);
    ck_assert_ptr_null(taken[0].idempotency_key);
    expect_ok(outbox_settle(&outbox.outbox, NULL, 0));
}
END_TEST

START_TEST(a_command_sent_again_has_its_identity_and_what_it_came_with)
{
    add_outgoing(ID(1), 20);
    test_database_run(&database, "UPDATE outbox SET identity = '" ID(
                                     2) "', user_id = 7,"
                                        " client_address = '192.0.2.1', idempotency_key = '00ff'");

    take(&outbox);

    ck_assert_str_eq(taken[0].message_id, ID(1));
    ck_assert_str_eq(taken[0].identity, ID(2));
    ck_assert_int_eq(taken[0].user_id, 7);
    ck_assert_str_eq(taken[0].client_address, "192.0.2.1");
    ck_assert_str_eq(taken[0].idempotency_key, "00ff");
    expect_ok(outbox_settle(&outbox.outbox, NULL, 0));
}
END_TEST

START_TEST(leaves_the_young_ones_to_their_worker)
{
    add_outgoing(ID(1), 3);
    add_outgoing(ID(2), 8);

    take(&outbox);

    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(taken[0].message_id, ID(2));
    expect_ok(outbox_settle(&outbox.outbox, NULL, 0));
}
END_TEST

START_TEST(measures_what_lies_there)
{
    struct outbox_size size;
    expect_ok(outbox_measure(&outbox.outbox, &size));
    ck_assert_int_eq(size.messages, 0);
    ck_assert_int_eq(size.oldest_us, 0);

    add_outgoing(ID(1), 3);
    add_outgoing(ID(2), 60);
    expect_ok(outbox_measure(&outbox.outbox, &size));

    ck_assert_int_eq(size.messages, 2);
    ck_assert_int_ge(clock_wall_us() - size.oldest_us, 59000000);
}
END_TEST

START_TEST(takes_those_that_come_after_a_place)
{
    add_outgoing(ID(1), 30);
    add_outgoing(ID(2), 20);
    add_outgoing(ID(3), 10);
    take(&outbox);
    expect_ok(outbox_settle(&outbox.outbox, NULL, 0));
    const struct outbox_message place = taken[1];

    expect_ok(outbox_take(&outbox.outbox, arena, &place, taken, &count));

    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(taken[0].message_id, ID(3));
    expect_ok(outbox_settle(&outbox.outbox, NULL, 0));
}
END_TEST

START_TEST(forgets_the_published_ones_and_keeps_the_rest)
{
    add_outgoing(ID(1), 30);
    add_outgoing(ID(2), 20);
    take(&outbox);
    const char *const published[] = {ID(1)};

    expect_ok(outbox_settle(&outbox.outbox, published, 1));

    ck_assert_int_eq(rows_of("outbox"), 1);
    ck_assert_int_eq(rows_of("outbox WHERE message_id = '" ID(2) "'"), 1);
}
END_TEST

START_TEST(skips_what_another_scheduler_holds)
{
    add_outgoing(ID(1), 30);
    take(&other_outbox);
    ck_assert_uint_eq(count, 1);

    take(&outbox);

    ck_assert_uint_eq(count, 0);
    expect_ok(outbox_settle(&outbox.outbox, NULL, 0));
    expect_ok(outbox_settle(&other_outbox.outbox, NULL, 0));
}
END_TEST

START_TEST(takes_no_more_than_a_batch)
{
    test_database_run(&database, "INSERT INTO outbox (message_id, created_at, name, body)"
                                 " SELECT gen_random_uuid(), now() - interval '1 minute', 'x', '{}'"
                                 " FROM generate_series(1, 60)");

    take(&outbox);

    ck_assert_uint_eq(count, OUTBOX_BATCH_MAX);
    expect_ok(outbox_settle(&outbox.outbox, NULL, 0));
}
END_TEST

START_TEST(a_connection_lost_in_between_forgets_nothing_and_is_made_anew)
{
    add_outgoing(ID(1), 30);
    take(&outbox);
    const char *const published[] = {ID(1)};
    test_database_terminate(&database, "scheduler");

    expect_err(ERR_UNAVAILABLE, outbox_settle(&outbox.outbox, published, 1));

    ck_assert_int_eq(rows_of("outbox"), 1);
    take(&outbox);
    ck_assert_uint_eq(count, 1);
    expect_ok(outbox_settle(&outbox.outbox, published, 1));
    ck_assert_int_eq(rows_of("outbox"), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, create, drop);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, takes_the_oldest_first_with_all_there_is_to_know);
    tcase_add_test(tests, a_command_sent_again_has_its_identity_and_what_it_came_with);
    tcase_add_test(tests, leaves_the_young_ones_to_their_worker);
    tcase_add_test(tests, measures_what_lies_there);
    tcase_add_test(tests, takes_those_that_come_after_a_place);
    tcase_add_test(tests, forgets_the_published_ones_and_keeps_the_rest);
    tcase_add_test(tests, skips_what_another_scheduler_holds);
    tcase_add_test(tests, takes_no_more_than_a_batch);
    tcase_add_test(tests, a_connection_lost_in_between_forgets_nothing_and_is_made_anew);
}
CHECK_MAIN("scheduler outbox postgres", add_tests)
