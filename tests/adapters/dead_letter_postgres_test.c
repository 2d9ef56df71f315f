/* What becomes of a dead letter in PostgreSQL: identity, outbox, audit trail, locks. */

#include <inttypes.h>

#include "contracts/operations_retry_dead_letters.h"
#include "tests/adapters/message.h"
#include "tests/adapters/postgres_command_world.h"
#include "tests/support/check_main.h"

#define IDENTITY "0190aaaa-0000-7000-8000-00000000000a"
#define KEY "00000000000000000000000000000000000000000000000000000000000000ff"

static struct command_world world;
static struct message message;
static int64_t ann;
static int64_t letter; /* of a posts.delete with all that there may be */

static int64_t ask(const char *sql)
{
    return test_database_integer(postgres_world_database(), "%s", sql);
}

static void change(const char *sql)
{
    test_database_run(postgres_world_database(), "%s", sql);
}

static void setup(void)
{
    command_world_open(&world);
    message_open(&message, &operations_retry_dead_letters_contract);
    ann = world_add_user("ann@example.org");
    message.ctx.user_id = ann;
    letter = ask("INSERT INTO dead_letters (message_id, message, code, detail, body, headers,"
                 " user_id) VALUES ('" IDENTITY "', 'posts.delete', 'internal', 'it died',"
                 " '{\"post_id\":1}', '{\"language\":\"de\",\"client_address\":\"192.0.2.1\","
                 "\"traceparent\":\"00-1-2-01\",\"deadline\":1}', 77) RETURNING id");
    change("INSERT INTO attempts (message_id, count) VALUES ('" IDENTITY "', 3)");
}

static void teardown(void)
{
    message_close(&message);
    command_world_close(&world);
}

/* A row of its identity: `error` NULL is done. */
static void add_row(const char *error)
{
    test_database_run(postgres_world_database(),
                      "INSERT INTO inbox (message_id, user_id, name, error, body, is_final,"
                      " idempotency_key) VALUES ('" IDENTITY "', %" PRId64 ", 'posts.delete',"
                      " nullif('%s', ''), '{}', true, decode('" KEY "', 'hex'))",
                      ann, error);
}

static enum letter_obstacle retry(void)
{
    enum letter_obstacle obstacle;
    expect_ok(dead_letter_store_retry(world.dead_letters, &message.ctx, letter, &obstacle));
    return obstacle;
}

static enum letter_obstacle drop(void)
{
    enum letter_obstacle obstacle;
    expect_ok(dead_letter_store_drop(world.dead_letters, &message.ctx, letter, &obstacle));
    return obstacle;
}

START_TEST(what_is_sent_again_is_what_it_was)
{
    ck_assert_int_eq(retry(), LETTER_HAS_LEFT);

    ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE identity = '" IDENTITY "'"
                         " AND message_id <> identity AND name = 'posts.delete'"
                         " AND body = '{\"post_id\":1}' AND user_id = 77 AND language = 'de'"
                         " AND client_address = '192.0.2.1' AND traceparent = '00-1-2-01'"
                         " AND deadline IS NULL AND idempotency_key IS NULL"
                         " AND created_at < now() - interval '5 seconds'"),
                     1);
    ck_assert_int_eq(ask("SELECT count(*) FROM dead_letters"), 0);
}
END_TEST

START_TEST(its_failure_and_its_deaths_are_forgotten_and_its_key_goes_with_it)
{
    add_row("internal");

    ck_assert_int_eq(retry(), LETTER_HAS_LEFT);

    ck_assert_int_eq(ask("SELECT count(*) FROM inbox"), 0);
    ck_assert_int_eq(ask("SELECT count(*) FROM attempts"), 0);
    ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE idempotency_key = '" KEY "'"), 1);
}
END_TEST

START_TEST(what_is_stored_for_another_command_of_that_identity_stays)
{
    change("UPDATE dead_letters SET code = 'idempotency_mismatch'");
    add_row("not_found");

    ck_assert_int_eq(retry(), LETTER_HAS_LEFT);

    ck_assert_int_eq(ask("SELECT count(*) FROM inbox WHERE error = 'not_found'"), 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE idempotency_key IS NULL"), 1);
}
END_TEST

START_TEST(what_is_done_stays_done)
{
    add_row("");

    ck_assert_int_eq(retry(), LETTER_HAS_LEFT);

    ck_assert_int_eq(ask("SELECT count(*) FROM inbox WHERE error IS NULL"), 1);
}
END_TEST

START_TEST(one_without_an_identity_gets_one)
{
    change("UPDATE dead_letters SET message_id = NULL");

    ck_assert_int_eq(retry(), LETTER_HAS_LEFT);

    ck_assert_int_eq(ask("SELECT count(*) FROM outbox WHERE identity IS NOT NULL"), 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM outbox JOIN dead_letter_actions"
                         " ON identity = dead_letter_actions.message_id"),
                     1);
}
END_TEST

START_TEST(the_user_among_the_headers_counts_where_there_is_no_other)
{
    change("UPDATE dead_letters SET user_id = NULL, headers = '{\"user_id\":5}'");

    ck_assert_int_eq(retry(), LETTER_HAS_LEFT);

    ck_assert_int_eq(ask("SELECT user_id FROM outbox"), 5);
}
END_TEST

START_TEST(the_audit_trail_says_who_did_what)
{
    ck_assert_int_eq(retry(), LETTER_HAS_LEFT);

    ck_assert_int_eq(ask("SELECT count(*) FROM dead_letter_actions WHERE actor = 'ann@example.org'"
                         " AND action = 'retry' AND message_id = '" IDENTITY
                         "' AND message = 'posts.delete'"
                         " AND code = 'internal' AND detail = 'sent again after: it died'"),
                     1);
}
END_TEST

START_TEST(a_letter_that_somebody_holds_stays)
{
    static const struct postgres_statement begin = {"test_begin", "BEGIN"};
    static const struct postgres_statement hold = {"test_hold",
                                                   "SELECT 1 FROM dead_letters FOR UPDATE"};
    struct postgres_world other;
    postgres_world_open(&other, &(struct postgres_options){0});
    expect_ok(postgres_execute(other.db, &begin, NULL, NULL));
    expect_ok(postgres_execute(other.db, &hold, NULL, NULL));

    ck_assert_int_eq(retry(), LETTER_OBSTACLE_GONE);
    ck_assert_int_eq(drop(), LETTER_OBSTACLE_GONE);

    postgres_world_close(&other);
    ck_assert_int_eq(ask("SELECT count(*) FROM dead_letters"), 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM dead_letter_actions"), 0);
}
END_TEST

START_TEST(nothing_has_happened_until_the_commit)
{
    enum unit_state state;
    struct outcome stored;
    add_row("internal");
    expect_ok(unit_begin(world.unit, &message.ctx, &message.envelope, message.fingerprint, &state,
                         &stored));
    ck_assert_int_eq(retry(), LETTER_HAS_LEFT);

    unit_abort(world.unit);

    ck_assert_int_eq(ask("SELECT count(*) FROM dead_letters"), 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM inbox"), 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), 0);
    ck_assert_int_eq(ask("SELECT count(*) FROM dead_letter_actions"), 0);
}
END_TEST

START_TEST(a_command_whose_letter_is_dropped_has_failed)
{
    ck_assert_int_eq(drop(), LETTER_HAS_LEFT);

    ck_assert_int_eq(ask("SELECT count(*) FROM inbox WHERE message_id = '" IDENTITY "'"
                         " AND error = 'internal' AND is_final AND user_id = 77"
                         " AND body::json ->> 'detail' = 'it died'"),
                     1);
    ck_assert_int_eq(ask("SELECT count(*) FROM dead_letters"), 0);
    ck_assert_int_eq(ask("SELECT count(*) FROM outbox"), 0);
    ck_assert_int_eq(ask("SELECT count(*) FROM dead_letter_actions WHERE action = 'drop'"
                         " AND actor = 'ann@example.org' AND detail = 'it died'"),
                     1);
}
END_TEST

START_TEST(one_that_may_come_again_may_still_when_its_letter_is_dropped)
{
    change("UPDATE dead_letters SET code = 'expired'");

    ck_assert_int_eq(drop(), LETTER_HAS_LEFT);

    ck_assert_int_eq(ask("SELECT count(*) FROM inbox WHERE error = 'expired' AND NOT is_final"), 1);
}
END_TEST

START_TEST(to_drop_a_letter_changes_no_outcome)
{
    add_row("");

    ck_assert_int_eq(drop(), LETTER_HAS_LEFT);

    ck_assert_int_eq(ask("SELECT count(*) FROM inbox WHERE error IS NULL"), 1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, what_is_sent_again_is_what_it_was);
    tcase_add_test(tests, its_failure_and_its_deaths_are_forgotten_and_its_key_goes_with_it);
    tcase_add_test(tests, what_is_stored_for_another_command_of_that_identity_stays);
    tcase_add_test(tests, what_is_done_stays_done);
    tcase_add_test(tests, one_without_an_identity_gets_one);
    tcase_add_test(tests, the_user_among_the_headers_counts_where_there_is_no_other);
    tcase_add_test(tests, the_audit_trail_says_who_did_what);
    tcase_add_test(tests, a_letter_that_somebody_holds_stays);
    tcase_add_test(tests, nothing_has_happened_until_the_commit);
    tcase_add_test(tests, a_command_whose_letter_is_dropped_has_failed);
    tcase_add_test(tests, one_that_may_come_again_may_still_when_its_letter_is_dropped);
    tcase_add_test(tests, to_drop_a_letter_changes_no_outcome);
}
CHECK_MAIN("dead_letter_store.postgres", add_tests)
