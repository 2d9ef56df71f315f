/* Migrations: in order, once, unchanged, one process at a time. */

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/postgres/migrations.h"
#include "common/postgres/schema_version.h"
#include "tests/support/check_main.h"
#include "tests/support/database.h"

static struct test_database database;
static struct arena *arena;
static struct migration_list list;
static const char *reason;
static int applied_count;
static char folder[64];

static void setup(void)
{
    test_database_create(&database);
    arena = arena_new();
    reason = "";
    applied_count = 0;
    (void)snprintf(folder, sizeof(folder), "/tmp/migrations_test_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    const char *remove[] = {"rm", "-rf", folder, NULL};
    if (fork() == 0) {
        execvp(remove[0], (char *const *)remove);
        _exit(1);
    }
    arena_free(arena);
    test_database_drop(&database);
}

static void put(const char *name, const char *sql)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(sql, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static void discard(const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    ck_assert_int_eq(unlink(path), 0);
}

static void put_three(void)
{
    put("0001_one.sql", "CREATE TABLE one (id int); INSERT INTO one VALUES (1);");
    put("0002_two.sql", "CREATE TABLE two (id int);");
    put("0003_three.sql", "INSERT INTO one VALUES (3);");
}

static void count_applied(void *owner, const struct migration *migration)
{
    (void)owner;
    applied_count++;
    ck_assert_str_ne(migration->name, "");
}

static enum err migrate(void)
{
    TRY(migrations_read(folder, arena, &list, &reason));
    return migrations_apply(database.url, &list, arena, count_applied, NULL, &reason);
}

static void expect_reason(const char *part)
{
    ck_assert_msg(strstr(reason, part) != NULL, "\"%s\" does not say \"%s\"", reason, part);
}

static int64_t count_ones(void)
{
    return test_database_integer(&database, "SELECT count(*) FROM one");
}

START_TEST(all_are_applied_in_order_and_recorded)
{
    put_three();
    put("README.txt", "no migration");

    expect_ok(migrate());

    ck_assert_int_eq(applied_count, 3);
    ck_assert_int_eq(count_ones(), 2);
    ck_assert_int_eq(test_database_integer(&database, "SELECT count(*) FROM schema_migrations"
                                                      " WHERE length(checksum) = 64"),
                     3);
}
END_TEST

START_TEST(applied_ones_are_not_applied_again)
{
    put_three();
    expect_ok(migrate());
    applied_count = 0;

    expect_ok(migrate());
    ck_assert_int_eq(applied_count, 0);

    put("0004_four.sql", "INSERT INTO one VALUES (4);");
    expect_ok(migrate());
    ck_assert_int_eq(applied_count, 1);
    ck_assert_int_eq(count_ones(), 3);
}
END_TEST

START_TEST(a_changed_file_is_refused)
{
    put_three();
    expect_ok(migrate());
    put("0002_two.sql", "CREATE TABLE two (id bigint);");
    put("0004_four.sql", "INSERT INTO one VALUES (4);");

    expect_err(ERR_INVALID_INPUT, migrate());

    expect_reason("0002_two.sql was changed");
    ck_assert_int_eq(count_ones(), 2);
}
END_TEST

START_TEST(a_missing_file_is_refused)
{
    put_three();
    expect_ok(migrate());
    discard("0003_three.sql");

    expect_err(ERR_INVALID_INPUT, migrate());

    expect_reason("0003_three.sql, which is missing here");
}
END_TEST

START_TEST(a_gap_is_refused)
{
    put_three();
    discard("0002_two.sql");

    expect_err(ERR_INVALID_INPUT, migrate());

    expect_reason("0003_three.sql: number 0002 was expected here");
}
END_TEST

START_TEST(one_out_of_order_is_refused)
{
    put_three();
    expect_ok(migrate());
    test_database_run(&database, "DELETE FROM schema_migrations WHERE version = 2");

    expect_err(ERR_INVALID_INPUT, migrate());

    expect_reason("not migration 0002");
    expect_reason("out of order");
}
END_TEST

START_TEST(two_of_one_number_are_refused)
{
    put_three();
    put("0002_other.sql", "SELECT 1;");

    expect_err(ERR_INVALID_INPUT, migrate());

    expect_reason("0002_two.sql: number 0003 was expected here");
}
END_TEST

START_TEST(a_name_that_is_none_is_refused)
{
    put_three();
    put("4_four.sql", "SELECT 1;");

    expect_err(ERR_INVALID_INPUT, migrate());

    expect_reason("4_four.sql: a migration is named NNNN_name.sql");
}
END_TEST

START_TEST(an_empty_folder_and_none_are_refused)
{
    expect_err(ERR_INVALID_INPUT, migrate());
    expect_reason("no migrations there");

    expect_err(ERR_INVALID_INPUT, migrations_read("/nowhere", arena, &list, &reason));
    expect_reason("/nowhere");
}
END_TEST

START_TEST(a_failing_migration_is_undone_whole_and_those_before_it_stay)
{
    put_three();
    put("0002_two.sql", "CREATE TABLE two (id int); INSERT INTO two VALUES ('no number');");

    expect_err(ERR_INTERNAL, migrate());

    expect_reason("0002_two.sql: 22P02");
    ck_assert_int_eq(applied_count, 1);
    ck_assert_int_eq(
        test_database_integer(&database, "SELECT count(*) FROM pg_tables WHERE tablename = 'two'"),
        0);
    put("0002_two.sql", "CREATE TABLE two (id int);");
    expect_ok(migrate());
    ck_assert_int_eq(applied_count, 3);
}
END_TEST

START_TEST(a_migration_that_ends_its_transaction_is_refused)
{
    put("0001_one.sql", "COMMIT;");

    expect_err(ERR_INTERNAL, migrate());

    expect_reason("0001_one.sql must not end its transaction");
}
END_TEST

static void *migrate_elsewhere(void *ret_err)
{
    struct arena *own = arena_new();
    const char *why;
    *(enum err *)ret_err = migrations_apply(database.url, &list, own, NULL, NULL, &why);
    arena_free(own);
    return NULL;
}

START_TEST(two_at_a_time_do_the_work_once)
{
    pthread_t threads[2];
    enum err errors[2] = {ERR_INTERNAL, ERR_INTERNAL};
    put_three();
    put("0004_slow.sql", "SELECT pg_sleep(0.3); INSERT INTO one VALUES (4);");
    expect_ok(migrations_read(folder, arena, &list, &reason));

    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, migrate_elsewhere, &errors[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        expect_ok(errors[i]);
    }

    ck_assert_int_eq(count_ones(), 3);
}
END_TEST

START_TEST(every_migration_of_ours_is_known_to_the_build)
{
    expect_ok(migrations_read(getenv("MIGRATIONS_DIR"), arena, &list, &reason));

    ck_assert_msg(list.count == SCHEMA_VERSION,
                  "migrations/ holds %zu files, common/postgres/meson.build lists %d", list.count,
                  SCHEMA_VERSION);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, all_are_applied_in_order_and_recorded);
    tcase_add_test(tests, applied_ones_are_not_applied_again);
    tcase_add_test(tests, a_changed_file_is_refused);
    tcase_add_test(tests, a_missing_file_is_refused);
    tcase_add_test(tests, a_gap_is_refused);
    tcase_add_test(tests, one_out_of_order_is_refused);
    tcase_add_test(tests, two_of_one_number_are_refused);
    tcase_add_test(tests, a_name_that_is_none_is_refused);
    tcase_add_test(tests, an_empty_folder_and_none_are_refused);
    tcase_add_test(tests, a_failing_migration_is_undone_whole_and_those_before_it_stay);
    tcase_add_test(tests, a_migration_that_ends_its_transaction_is_refused);
    tcase_add_test(tests, two_at_a_time_do_the_work_once);
    tcase_add_test(tests, every_migration_of_ours_is_known_to_the_build);
}
CHECK_MAIN("migrations", add_tests)
