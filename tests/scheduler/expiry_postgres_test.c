/* What is kept for a time only, on PostgreSQL. */

#include <string.h>

#include "adapters/postgres_expiry.h"
#include "tests/support/check_main.h"
#include "tests/support/database.h"

enum { IDENTITY_HOURS = 5 };

#define ID(digit) "00000000-0000-4000-8000-00000000000" #digit

static struct test_database database;
static struct postgres *db;
static struct postgres_expiry expiry;
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

static void setup(void)
{
    const struct postgres_options options = {
        .url = database.url,
        .application_name = "scheduler",
    };
    test_database_clear(&database);
    db = postgres_new(&options);
    postgres_expiry_init(&expiry, db, IDENTITY_HOURS);
}

static void teardown(void)
{
    postgres_free(db);
}

static int64_t rows_of(const char *table)
{
    return test_database_integer(&database, "SELECT count(*) FROM %s", table);
}

START_TEST(removes_sessions_past_their_end_and_no_others)
{
    test_database_run(&database,
                      "INSERT INTO users (id, email, password_hash) VALUES (1, 'a@b.c', 'x');"
                      " INSERT INTO sessions (digest, user_id, expires_at) VALUES"
                      " (decode(repeat('aa', 32), 'hex'), 1, now() - interval '1 s'),"
                      " (decode(repeat('bb', 32), 'hex'), 1, now() + interval '1 h')");

    expect_ok(expiry_remove(&expiry.expiry, EXPIRING_SESSIONS, 10, &count));

    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(rows_of("sessions"), 1);
}
END_TEST

START_TEST(removes_identities_after_their_lifetime)
{
    test_database_run(&database,
                      "INSERT INTO inbox (message_id, created_at, name, fingerprint) VALUES"
                      " ('" ID(1) "', now() - interval '5 hours 1 minute', 'x', ''),"
                                  " ('" ID(2) "', now() - interval '4 hours 59 minutes', 'x', '')");

    expect_ok(expiry_remove(&expiry.expiry, EXPIRING_IDENTITIES, 10, &count));

    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(rows_of("inbox WHERE message_id = '" ID(2) "'"), 1);
}
END_TEST

START_TEST(removes_stale_attempts)
{
    test_database_run(&database, "INSERT INTO attempts (message_id, count, updated_at) VALUES"
                                 " ('" ID(1) "', 1, now() - interval '5 hours 1 minute'),"
                                             " ('" ID(2) "', 1, now() - interval '4 hours')");

    expect_ok(expiry_remove(&expiry.expiry, EXPIRING_ATTEMPTS, 10, &count));

    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(rows_of("attempts"), 1);
}
END_TEST

START_TEST(removes_failed_logins_of_long_ago)
{
    test_database_run(&database,
                      "INSERT INTO login_attempts (key, level, failed_at) VALUES"
                      " (decode(repeat('aa', 32), 'hex'), 1000, now() - interval '3 hours 1 s'),"
                      " (decode(repeat('bb', 32), 'hex'), 1000, now() - interval '2 hours')");

    expect_ok(expiry_remove(&expiry.expiry, EXPIRING_LOGIN_ATTEMPTS, 10, &count));

    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(rows_of("login_attempts"), 1);
}
END_TEST

START_TEST(removes_no_more_than_the_limit)
{
    test_database_run(&database, "INSERT INTO attempts (message_id, count, updated_at)"
                                 " SELECT gen_random_uuid(), 1, now() - interval '5 hours 1 minute'"
                                 " FROM generate_series(1, 5)");

    expect_ok(expiry_remove(&expiry.expiry, EXPIRING_ATTEMPTS, 3, &count));

    ck_assert_uint_eq(count, 3);
    ck_assert_int_eq(rows_of("attempts"), 2);
}
END_TEST

/* As after days of comings and goings: most rows are young, the few old ones lie among them. */
static void fill_inbox(void)
{
    test_database_run(&database,
                      "INSERT INTO inbox (message_id, created_at, name, fingerprint)"
                      " SELECT gen_random_uuid(), now() - number * interval '1 s', 'x', ''"
                      " FROM generate_series(1, 30000) AS number ORDER BY random()");
    test_database_run(&database, "DELETE FROM inbox WHERE created_at < now() - interval '4 hours'");
    test_database_run(&database, "INSERT INTO inbox (message_id, created_at, name, fingerprint)"
                                 " SELECT gen_random_uuid(), now() - interval '6 hours', 'x', ''"
                                 " FROM generate_series(1, 100)");
    test_database_run(&database, "ANALYZE inbox");
}

static const struct postgres_statement use_one_plan_for_all = {
    "use_one_plan_for_all", "SET plan_cache_mode = force_generic_plan"};

/* The plan of a statement that the adapter has prepared on its connection. */
static void expect_plan(const struct postgres_statement *explain, const char *index)
{
    const struct pg_result *lines;
    bool is_by_index = false;
    struct arena *arena = arena_new();
    expect_ok(postgres_execute(db, explain, NULL, &lines));
    for (int i = 0; i < postgres_row_count(lines); i++) {
        const char *line = postgres_text(lines, i, 0, arena);
        ck_assert_msg(strstr(line, "Seq Scan") == NULL, "reads the whole table: %s", line);
        is_by_index = is_by_index || strstr(line, index) != NULL;
    }
    ck_assert_msg(is_by_index, "does not use %s", index);
    arena_free(arena);
}

START_TEST(finds_old_identities_without_reading_the_young_ones)
{
    static const struct postgres_statement explain = {
        "explain", "EXPLAIN EXECUTE expire_identities (1000, 5)"};
    fill_inbox();
    expect_ok(postgres_execute(db, &use_one_plan_for_all, NULL, NULL));

    expect_ok(expiry_remove(&expiry.expiry, EXPIRING_IDENTITIES, 1000, &count));

    ck_assert_uint_eq(count, 100);
    expect_plan(&explain, "inbox_created_idx");
}
END_TEST

START_TEST(finds_ended_sessions_without_reading_the_others)
{
    static const struct postgres_statement explain = {"explain",
                                                      "EXPLAIN EXECUTE expire_sessions (1000)"};
    test_database_run(&database,
                      "INSERT INTO users (id, email, password_hash) VALUES (1, 'a@b.c', 'x');"
                      " INSERT INTO sessions (digest, user_id, expires_at)"
                      " SELECT sha256(number::text::bytea), 1,"
                      " now() + (number - 100.5) * interval '1 s'"
                      " FROM generate_series(1, 20000) AS number ORDER BY random()");
    test_database_run(&database, "ANALYZE sessions");
    expect_ok(postgres_execute(db, &use_one_plan_for_all, NULL, NULL));

    expect_ok(expiry_remove(&expiry.expiry, EXPIRING_SESSIONS, 1000, &count));

    ck_assert_uint_ge(count, 100);
    expect_plan(&explain, "sessions_expires_idx");
}
END_TEST

START_TEST(finds_stale_attempts_without_reading_the_others)
{
    static const struct postgres_statement explain = {"explain",
                                                      "EXPLAIN EXECUTE expire_attempts (1000, 5)"};
    test_database_run(&database, "INSERT INTO attempts (message_id, count, updated_at)"
                                 " SELECT gen_random_uuid(), 1, now() - number * interval '1 s'"
                                 " FROM generate_series(1, 20000) AS number ORDER BY random()");
    test_database_run(&database, "ANALYZE attempts");
    expect_ok(postgres_execute(db, &use_one_plan_for_all, NULL, NULL));

    expect_ok(expiry_remove(&expiry.expiry, EXPIRING_ATTEMPTS, 1000, &count));

    ck_assert_uint_eq(count, 1000);
    expect_plan(&explain, "attempts_updated_idx");
}
END_TEST

START_TEST(finds_failed_logins_of_long_ago_without_reading_the_others)
{
    static const struct postgres_statement explain = {
        "explain", "EXPLAIN EXECUTE expire_login_attempts (1000)"};
    test_database_run(&database, "INSERT INTO login_attempts (key, level, failed_at)"
                                 " SELECT sha256(number::text::bytea), 1000,"
                                 " now() - number * interval '1 s'"
                                 " FROM generate_series(1, 20000) AS number ORDER BY random()");
    test_database_run(&database, "ANALYZE login_attempts");
    expect_ok(postgres_execute(db, &use_one_plan_for_all, NULL, NULL));

    expect_ok(expiry_remove(&expiry.expiry, EXPIRING_LOGIN_ATTEMPTS, 1000, &count));

    ck_assert_uint_eq(count, 1000);
    expect_plan(&explain, "login_attempts_failed_idx");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, create, drop);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, removes_sessions_past_their_end_and_no_others);
    tcase_add_test(tests, removes_identities_after_their_lifetime);
    tcase_add_test(tests, removes_stale_attempts);
    tcase_add_test(tests, removes_failed_logins_of_long_ago);
    tcase_add_test(tests, removes_no_more_than_the_limit);
    tcase_add_test(tests, finds_old_identities_without_reading_the_young_ones);
    tcase_add_test(tests, finds_ended_sessions_without_reading_the_others);
    tcase_add_test(tests, finds_stale_attempts_without_reading_the_others);
    tcase_add_test(tests, finds_failed_logins_of_long_ago_without_reading_the_others);
}
CHECK_MAIN("scheduler expiry postgres", add_tests)
