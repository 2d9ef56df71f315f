/* The connection: batches, values, errors, losses and bounds. */

#include <string.h>
#include <unistd.h>

#include "common/core/clock.h"
#include "common/postgres/postgres.h"
#include "tests/support/check_main.h"
#include "tests/support/database.h"

#define APPLICATION "postgres test"

static const struct postgres_statement begin = {"t_begin", "BEGIN"};
static const struct postgres_statement commit = {"t_commit", "COMMIT"};
static const struct postgres_statement one = {"t_one", "SELECT 1::int8"};
static const struct postgres_statement insert = {"t_insert", "INSERT INTO t (id) VALUES ($1)"};
static const struct postgres_statement count = {"t_count", "SELECT count(*) FROM t"};
static const struct postgres_statement broken = {"t_broken", "SELECT nothing FROM nowhere"};
static const struct postgres_statement echo = {
    "t_echo", "SELECT $1::text, $2::int8, $3::timestamptz, $4::bool, $5::bytea, $6::bytea,"
              " $3::timestamptz::text, $7::int8"};
static const struct postgres_statement sleep_long = {"t_sleep", "SELECT pg_sleep(20)"};
static const struct postgres_statement terminate_self = {
    "t_terminate", "SELECT pg_terminate_backend(pg_backend_pid())"};
static const struct postgres_statement lock_table = {"t_lock",
                                                     "LOCK TABLE t IN ACCESS EXCLUSIVE MODE"};

static struct test_database database;
static struct postgres *db;
static struct arena *arena;

static void prepare(void)
{
    test_database_create(&database);
    test_database_run(&database, "CREATE TABLE t (id bigint PRIMARY KEY)");
}

static void dispose(void)
{
    test_database_drop(&database);
}

static struct postgres *open_db(const struct postgres_options *options)
{
    struct postgres_options own = *options;
    own.url = database.url;
    own.application_name = APPLICATION;
    return postgres_new(&own);
}

static void setup(void)
{
    test_database_run(&database, "DELETE FROM t");
    db = open_db(&(struct postgres_options){0});
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
    postgres_free(db);
}

static void queue_insert(struct postgres *connection, int64_t id)
{
    struct postgres_parameters parameters = {0};
    postgres_add_int64(&parameters, id);
    postgres_queue(connection, &insert, &parameters);
}

static int64_t count_rows(void)
{
    return test_database_integer(&database, "SELECT count(*) FROM t");
}

START_TEST(the_results_of_a_batch_come_in_its_order)
{
    queue_insert(db, 1);
    queue_insert(db, 2);
    postgres_queue(db, &count, NULL);
    postgres_queue(db, &one, NULL);

    expect_ok(postgres_run(db));

    ck_assert_int_eq(postgres_affected(postgres_result(db, 0)), 1);
    ck_assert_int_eq(postgres_int64(postgres_result(db, 2), 0, 0), 2);
    ck_assert_int_eq(postgres_int64(postgres_result(db, 3), 0, 0), 1);
}
END_TEST

START_TEST(values_come_back_as_they_went)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, "Grüße \\ '");
    postgres_add_int64(&parameters, INT64_C(-9007199254740991));
    postgres_add_time(&parameters, INT64_C(1717243200123456));
    postgres_add_bool(&parameters, true);
    postgres_add_bytes(&parameters, "a\0b", 3);
    postgres_add_digest(&parameters,
                        "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff");
    postgres_add_id(&parameters, 5);

    const struct pg_result *row;
    expect_ok(postgres_execute(db, &echo, &parameters, &row));

    size_t size;
    ck_assert_str_eq(postgres_text(row, 0, 0, arena), "Grüße \\ '");
    ck_assert_int_eq(postgres_int64(row, 0, 1), INT64_C(-9007199254740991));
    ck_assert_int_eq(postgres_time(row, 0, 2), INT64_C(1717243200123456));
    ck_assert(postgres_bool(row, 0, 3));
    ck_assert_mem_eq(postgres_bytes(row, 0, 4, &size), "a\0b", 3);
    ck_assert_uint_eq(size, 3);
    ck_assert_mem_eq(postgres_bytes(row, 0, 5, &size), "\0\xff\0\xff", 4);
    ck_assert_uint_eq(size, 32);
    ck_assert_ptr_nonnull(strstr(postgres_text(row, 0, 6, arena), ":00.123456"));
    ck_assert_int_eq(postgres_int64(row, 0, 7), 5);
}
END_TEST

START_TEST(what_is_absent_is_null)
{
    struct postgres_parameters parameters = {0};
    postgres_add_text(&parameters, NULL);
    postgres_add_id(&parameters, NOBODY);
    postgres_add_infinity(&parameters);
    postgres_add_bool(&parameters, false);
    postgres_add_digest(&parameters, NULL);
    postgres_add_digest(&parameters, "no digest");
    postgres_add_id(&parameters, NOBODY);

    const struct pg_result *row;
    expect_ok(postgres_execute(db, &echo, &parameters, &row));

    ck_assert_ptr_null(postgres_text(row, 0, 0, arena));
    ck_assert(postgres_is_null(row, 0, 1));
    ck_assert_int_eq(postgres_int64(row, 0, 1), 0);
    ck_assert(!postgres_is_null(row, 0, 3));
    ck_assert(!postgres_bool(row, 0, 3));
    ck_assert(postgres_is_null(row, 0, 4));
    ck_assert(postgres_is_null(row, 0, 5));
    ck_assert_str_eq(postgres_text(row, 0, 6, arena), "infinity");
}
END_TEST

START_TEST(a_failure_ends_its_batch_and_undoes_it)
{
    queue_insert(db, 1);
    postgres_queue(db, &broken, NULL);
    queue_insert(db, 2);

    expect_err(ERR_INTERNAL, postgres_run(db));

    ck_assert_ptr_nonnull(strstr(postgres_trouble(db), "42P01"));
    ck_assert_int_eq(count_rows(), 0);
}
END_TEST

START_TEST(after_a_failure_the_next_batch_works)
{
    for (int i = 0; i < 3; i++) {
        postgres_queue(db, &broken, NULL);
        postgres_queue(db, &count, NULL); /* its preparation is skipped: it is prepared later */
        expect_err(ERR_INTERNAL, postgres_run(db));
        expect_ok(postgres_execute(db, &count, NULL, NULL));
    }
}
END_TEST

START_TEST(trouble_is_the_last_batchs)
{
    ck_assert_str_eq(postgres_trouble(db), "");
    expect_err(ERR_INTERNAL, postgres_execute(db, &broken, NULL, NULL));

    expect_ok(postgres_execute(db, &one, NULL, NULL));

    ck_assert_str_eq(postgres_trouble(db), "");
}
END_TEST

START_TEST(trouble_is_known_after_its_rollback)
{
    postgres_queue(db, &begin, NULL);
    postgres_queue(db, &broken, NULL);
    expect_err(ERR_INTERNAL, postgres_run(db));

    postgres_rollback(db);

    ck_assert_ptr_nonnull(strstr(postgres_trouble(db), "42P01"));
}
END_TEST

START_TEST(a_violation_names_its_constraint)
{
    queue_insert(db, 1);
    queue_insert(db, 1);

    expect_err(ERR_INTERNAL, postgres_run(db));
    ck_assert_str_eq(postgres_violated_constraint(db), "t_pkey");

    expect_ok(postgres_execute(db, &one, NULL, NULL));
    ck_assert_ptr_null(postgres_violated_constraint(db));
}
END_TEST

START_TEST(a_rollback_ends_a_broken_transaction)
{
    postgres_queue(db, &begin, NULL);
    queue_insert(db, 1);
    postgres_queue(db, &broken, NULL);
    expect_err(ERR_INTERNAL, postgres_run(db));
    ck_assert(postgres_is_in_transaction(db));

    postgres_rollback(db);

    ck_assert(!postgres_is_in_transaction(db));
    expect_ok(postgres_execute(db, &one, NULL, NULL));
    ck_assert_int_eq(count_rows(), 0);
}
END_TEST

START_TEST(a_statement_that_takes_too_long_is_passing_trouble)
{
    postgres_free(db);
    db = open_db(&(struct postgres_options){.statement_timeout_ms = 100});

    expect_err(ERR_UNAVAILABLE, postgres_execute(db, &sleep_long, NULL, NULL));

    ck_assert_ptr_nonnull(strstr(postgres_trouble(db), "57014"));
    ck_assert(postgres_has_timed_out(db));
    expect_ok(postgres_execute(db, &one, NULL, NULL));
    ck_assert(!postgres_has_timed_out(db));
}
END_TEST

START_TEST(a_lock_that_others_hold_is_passing_trouble)
{
    struct postgres *other = open_db(&(struct postgres_options){.lock_timeout_ms = 100});
    postgres_queue(db, &begin, NULL);
    postgres_queue(db, &lock_table, NULL);
    expect_ok(postgres_run(db));

    expect_err(ERR_UNAVAILABLE, postgres_execute(other, &count, NULL, NULL));
    ck_assert_ptr_nonnull(strstr(postgres_trouble(other), "55P03"));

    expect_ok(postgres_execute(db, &commit, NULL, NULL));
    expect_ok(postgres_execute(other, &count, NULL, NULL));
    postgres_free(other);
}
END_TEST

START_TEST(a_server_that_falls_silent_is_given_up_in_time)
{
    postgres_free(db);
    db = open_db(&(struct postgres_options){.round_trip_timeout_ms = 300});
    expect_ok(postgres_execute(db, &one, NULL, NULL));
    int64_t started_ms = clock_monotonic_ms();

    expect_err(ERR_UNAVAILABLE, postgres_execute(db, &sleep_long, NULL, NULL));

    ck_assert_int_lt(clock_monotonic_ms() - started_ms, 2000);
    expect_ok(postgres_execute(db, &one, NULL, NULL));
}
END_TEST

START_TEST(a_connection_lost_under_work_is_noticed_and_replaced)
{
    expect_err(ERR_UNAVAILABLE, postgres_execute(db, &terminate_self, NULL, NULL));

    expect_ok(postgres_execute(db, &one, NULL, NULL));
}
END_TEST

START_TEST(a_connection_lost_while_idle_is_replaced_unnoticed)
{
    expect_ok(postgres_execute(db, &one, NULL, NULL));
    test_database_terminate(&database, APPLICATION);
    (void)usleep(200000);

    expect_ok(postgres_execute(db, &one, NULL, NULL));
}
END_TEST

START_TEST(a_connection_lost_in_a_transaction_is_not_replaced_before_the_rollback)
{
    postgres_queue(db, &begin, NULL);
    queue_insert(db, 1);
    expect_ok(postgres_run(db));
    test_database_terminate(&database, APPLICATION);

    for (int64_t i = 2; i < 4; i++) {
        queue_insert(db, i);
        queue_insert(db, -i);
        expect_err(ERR_UNAVAILABLE, postgres_run(db));
        ck_assert(postgres_is_in_transaction(db));
    }

    postgres_rollback(db);
    expect_ok(postgres_execute(db, &one, NULL, NULL));
    ck_assert_int_eq(count_rows(), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, prepare, dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_results_of_a_batch_come_in_its_order);
    tcase_add_test(tests, values_come_back_as_they_went);
    tcase_add_test(tests, what_is_absent_is_null);
    tcase_add_test(tests, a_failure_ends_its_batch_and_undoes_it);
    tcase_add_test(tests, after_a_failure_the_next_batch_works);
    tcase_add_test(tests, trouble_is_the_last_batchs);
    tcase_add_test(tests, trouble_is_known_after_its_rollback);
    tcase_add_test(tests, a_violation_names_its_constraint);
    tcase_add_test(tests, a_rollback_ends_a_broken_transaction);
    tcase_add_test(tests, a_statement_that_takes_too_long_is_passing_trouble);
    tcase_add_test(tests, a_lock_that_others_hold_is_passing_trouble);
    tcase_add_test(tests, a_server_that_falls_silent_is_given_up_in_time);
    tcase_add_test(tests, a_connection_lost_under_work_is_noticed_and_replaced);
    tcase_add_test(tests, a_connection_lost_while_idle_is_replaced_unnoticed);
    tcase_add_test(tests, a_connection_lost_in_a_transaction_is_not_replaced_before_the_rollback);
}
CHECK_MAIN("postgres", add_tests)
