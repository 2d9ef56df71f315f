/* Dead letters and the states of their commands, on PostgreSQL. */

#include "adapters/postgres_dead_letters.h"
#include "tests/support/check_main.h"
#include "tests/support/database.h"

#define ID "00000000-0000-4000-8000-000000000001"
#define DIGEST "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define PROBLEM "{\"code\":\"internal\"}"

static struct test_database database;
static struct postgres *db;
static struct postgres_dead_letters dead_letters;
static struct dead_letter letter;

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
    test_database_clear(&database);
    db = postgres_new(&(struct postgres_options){
        .url = database.url,
        .application_name = "scheduler",
        .lock_timeout_ms = 100,
    });
    postgres_dead_letters_init(&dead_letters, db);
    letter = (struct dead_letter){
        .message_id = ID,
        .message = "posts.delete",
        .code = "internal",
        .detail = "the broker gave it up",
        .body = "{\"post_id\":1}",
        .headers = "{}",
        .user_id = NOBODY,
        .problem = PROBLEM,
        .is_final = true,
    };
}

static void teardown(void)
{
    postgres_free(db);
}

static void keep(void)
{
    expect_ok(dead_letters_keep(&dead_letters.dead_letters, &letter));
}

static int64_t rows_of(const char *what)
{
    return test_database_integer(&database, "SELECT count(*) FROM %s", what);
}

static void have_row(const char *error, const char *is_final)
{
    test_database_run(&database,
                      "INSERT INTO inbox (message_id, name, fingerprint, error, body, is_final)"
                      " VALUES ('" ID "', 'posts.delete', 'x', %s, 'old', %s)",
                      error, is_final);
}

START_TEST(the_state_says_failed_as_soon_as_there_is_a_letter)
{
    test_database_run(&database,
                      "INSERT INTO users (id, email, password_hash) VALUES (7, 'a@b.c', 'x')");
    letter.user_id = 7;

    keep();

    ck_assert_int_eq(rows_of("dead_letters WHERE user_id = 7"), 1);
    ck_assert_int_eq(rows_of("inbox WHERE message_id = '" ID "' AND name = 'posts.delete' AND"
                             " error = 'internal' AND body = '" PROBLEM "' AND is_final AND"
                             " user_id = 7 AND fingerprint IS NULL"),
                     1);
}
END_TEST

START_TEST(the_user_is_the_one_whose_session_it_came_with)
{
    test_database_run(&database,
                      "INSERT INTO users (id, email, password_hash) VALUES (8, 'a@b.c', 'x');"
                      " INSERT INTO sessions (digest, user_id, expires_at) VALUES"
                      " (decode('" DIGEST "', 'hex'), 8, now() + interval '1 h')");
    letter.session = DIGEST;

    keep();

    ck_assert_int_eq(rows_of("dead_letters WHERE user_id = 8"), 1);
    ck_assert_int_eq(rows_of("inbox WHERE user_id = 8 AND session = decode('" DIGEST "', 'hex')"),
                     1);
}
END_TEST

START_TEST(a_user_of_nobody_owns_no_state)
{
    letter.user_id = 7;

    keep();

    ck_assert_int_eq(rows_of("dead_letters WHERE user_id = 7"), 1);
    ck_assert_int_eq(rows_of("inbox WHERE user_id IS NULL"), 1);
}
END_TEST

START_TEST(what_is_done_stays_done_and_leaves_no_letter)
{
    have_row("NULL", "true");

    keep();

    ck_assert_int_eq(rows_of("dead_letters"), 0);
    ck_assert_int_eq(rows_of("inbox WHERE error IS NULL AND body = 'old'"), 1);
}
END_TEST

START_TEST(what_has_failed_for_good_keeps_its_reason)
{
    have_row("'not_found'", "true");

    keep();

    ck_assert_int_eq(rows_of("inbox WHERE error = 'not_found' AND body = 'old'"), 1);
}
END_TEST

START_TEST(what_might_have_come_again_gives_way)
{
    have_row("'unavailable'", "false");

    keep();

    ck_assert_int_eq(rows_of("inbox WHERE error = 'internal' AND is_final"), 1);
}
END_TEST

START_TEST(there_is_no_letter_without_its_state)
{
    have_row("'unavailable'", "false");
    struct postgres *other = postgres_new(&(struct postgres_options){
        .url = database.url,
        .application_name = "worker",
    });
    static const struct postgres_statement begin = {"test_begin", "BEGIN"};
    static const struct postgres_statement hold = {"test_hold", "SELECT 1 FROM inbox FOR UPDATE"};
    expect_ok(postgres_execute(other, &begin, NULL, NULL));
    expect_ok(postgres_execute(other, &hold, NULL, NULL));

    expect_err(ERR_UNAVAILABLE, dead_letters_keep(&dead_letters.dead_letters, &letter));

    ck_assert_int_eq(rows_of("dead_letters"), 0);
    postgres_free(other);
    keep();
    ck_assert_int_eq(rows_of("dead_letters"), 1);
}
END_TEST

START_TEST(a_letter_without_identity_has_no_state)
{
    letter.message_id = NULL;

    keep();

    ck_assert_int_eq(rows_of("dead_letters"), 1);
    ck_assert_int_eq(rows_of("inbox"), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, create, drop);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_state_says_failed_as_soon_as_there_is_a_letter);
    tcase_add_test(tests, the_user_is_the_one_whose_session_it_came_with);
    tcase_add_test(tests, a_user_of_nobody_owns_no_state);
    tcase_add_test(tests, what_is_done_stays_done_and_leaves_no_letter);
    tcase_add_test(tests, what_has_failed_for_good_keeps_its_reason);
    tcase_add_test(tests, what_might_have_come_again_gives_way);
    tcase_add_test(tests, there_is_no_letter_without_its_state);
    tcase_add_test(tests, a_letter_without_identity_has_no_state);
}
CHECK_MAIN("scheduler dead letters postgres", add_tests)
