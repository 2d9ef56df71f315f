/* A dead letter sent again, on PostgreSQL and a broker in memory: the order of the steps, and what
 * is left wherever they are cut. */

#include "dead_retry.h"

#include <stdlib.h>
#include <string.h>

#include "common/bus/memory_bus.h"
#include "tests/cli/captured.h"
#include "tests/cli/listening_worker.h"
#include "tests/support/check_main.h"
#include "tests/support/database.h"
#include "verb.h"

#define ID "00000000-0000-4000-8000-000000000001"
#define QUEUE "command.posts.delete"

#define expect_said(part, text)                                                                    \
    ck_assert_msg(strstr(text, part) != NULL, "%s is not in: %s", part, text)

/* As command-service has it. */
#define UPSERT                                                                                     \
    "INSERT INTO dead_letters (message_id, message, code, detail, body, headers)"                  \
    " VALUES ('" ID "', 'posts.delete', 'not_found', 'again', '{\"post_id\":1}', '{}')"            \
    " ON CONFLICT (message_id, code) DO UPDATE SET detail = excluded.detail"

static const struct postgres_statement begin = {"test_begin", "BEGIN"};
static const struct postgres_statement upsert = {"test_upsert", UPSERT};

static struct test_database database;
static struct postgres *db;
static struct postgres *other_db; /* of a worker, or of another postroom */
static struct topology *topology;
static struct memory_broker *broker;
static struct dead_publisher publisher;
static struct dead_retry retry;
static struct arena *arena;

static struct listening_worker worker;

static struct bus_ops watched_ops;
static const struct bus_ops *plain_ops;

/* The worker's turn comes before ours: what it gets is not yet confirmed to us. */
static void watched_poll(struct bus *bus, int timeout_ms)
{
    if (!worker.is_away) {
        bus_poll(worker.bus, 0);
    }
    plain_ops->poll(bus, timeout_ms);
}

static void create(void)
{
    test_database_create(&database);
    test_database_migrate(&database);
}

static void drop(void)
{
    test_database_drop(&database);
}

static struct postgres *connect(const char *name)
{
    return postgres_new(&(struct postgres_options){
        .url = database.url, .application_name = name, .lock_timeout_ms = 100});
}

static void have_letter(const char *body, const char *headers)
{
    test_database_run(&database,
                      "INSERT INTO dead_letters (id, message_id, message, code, detail, body,"
                      " headers, user_id) OVERRIDING SYSTEM VALUE VALUES"
                      " (7, '" ID "', 'posts.delete', 'not_found', 'no post', '%s', '%s', 12)",
                      body, headers);
}

static void have_state(const char *error)
{
    test_database_run(&database,
                      "INSERT INTO inbox (message_id, user_id, name, fingerprint, error, body)"
                      " VALUES ('" ID "', 12, 'posts.delete', 'x', %s, '{}')",
                      error);
}

static int64_t rows_of(const char *what)
{
    return test_database_integer(&database, "SELECT count(*) FROM %s", what);
}

static void setup_buses(void)
{
    topology = topology_new(contracts, contract_count);
    broker = memory_broker_new();
    listening_worker_open(&worker, broker, topology, QUEUE);
    publisher = (struct dead_publisher){0};
    publisher.bus = memory_bus_new(broker, topology, &dead_publisher_events, &publisher);
    plain_ops = publisher.bus->ops;
    watched_ops = *plain_ops;
    watched_ops.poll = watched_poll;
    publisher.bus->ops = &watched_ops;
}

static void setup(void)
{
    test_database_clear(&database);
    test_database_run(&database, "DELETE FROM dead_letter_actions");
    arena = arena_new();
    db = connect("postroom");
    other_db = connect("other");
    setup_buses();
    retry =
        (struct dead_retry){.db = db, .publisher = &publisher, .actor = "ann", .timeout_ms = 1000};
    have_letter("{\"post_id\":1}", "{\"language\":\"de\",\"deadline\":5,\"min_position\":\"1/2\"}");
    captured_begin();
}

static void teardown(void)
{
    bus_free(publisher.bus);
    bus_free(worker.bus);
    memory_broker_free(broker);
    topology_free(topology);
    postgres_free(other_db);
    postgres_free(db);
    arena_free(arena);
}

/* After everybody has declared it. */
static void lose_queue(void)
{
    ck_assert(dead_publisher_await(&publisher, 1000));
    worker.is_away = true;
    memory_broker_delete_queue(broker, QUEUE);
}

static void expect_nothing_done(void)
{
    ck_assert_int_eq(rows_of("dead_letters WHERE id = 7"), 1);
    ck_assert_int_eq(rows_of("dead_letter_actions"), 0);
}

START_TEST(sends_the_same_message_and_forgets_the_letter)
{
    have_state("'not_found'");
    test_database_run(&database, "INSERT INTO attempts (message_id, count) VALUES ('" ID "', 3)");

    ck_assert_int_eq(EXIT_DONE, dead_retry_letter(&retry, 7, arena));

    ck_assert_int_eq(worker.count, 1);
    ck_assert_str_eq(worker.message_id, ID);
    ck_assert_str_eq(worker.body, "{\"post_id\":1}");
    ck_assert_str_eq(worker.headers, "user_id=12;language=de;");
    ck_assert(worker.is_persistent);
    ck_assert(!worker.has_deadline_or_reply);
    ck_assert_int_eq(rows_of("dead_letters"), 0);
    ck_assert_int_eq(rows_of("attempts"), 0);
    ck_assert_int_eq(rows_of("dead_letter_actions WHERE actor = 'ann' AND action = 'retry' AND"
                             " letter_id = 7 AND message_id = '" ID "' AND code = 'not_found'"),
                     1);
}
END_TEST

static void look_before_the_confirm(void)
{
    ck_assert_int_eq(rows_of("inbox"), 0);
    ck_assert_int_eq(rows_of("attempts"), 0);
    expect_nothing_done();
}

START_TEST(a_worker_finds_no_failure_and_the_letter_is_still_there)
{
    have_state("'not_found'");
    test_database_run(&database, "INSERT INTO attempts (message_id, count) VALUES ('" ID "', 3)");
    worker.on_message = look_before_the_confirm;

    ck_assert_int_eq(EXIT_DONE, dead_retry_letter(&retry, 7, arena));

    ck_assert_int_eq(worker.count, 1);
}
END_TEST

START_TEST(what_is_done_stays_done)
{
    have_state("NULL");

    ck_assert_int_eq(EXIT_DONE, dead_retry_letter(&retry, 7, arena));

    ck_assert_int_eq(rows_of("inbox WHERE error IS NULL"), 1);
    ck_assert_int_eq(worker.count, 1);
}
END_TEST

START_TEST(what_is_stored_for_another_command_of_that_identity_stays)
{
    test_database_run(&database, "UPDATE dead_letters SET code = 'idempotency_mismatch'");
    have_state("'not_found'");

    ck_assert_int_eq(EXIT_DONE, dead_retry_letter(&retry, 7, arena));

    ck_assert_int_eq(rows_of("inbox WHERE error = 'not_found'"), 1);
    ck_assert_int_eq(worker.count, 1);
}
END_TEST

START_TEST(the_key_of_the_identity_goes_with_it)
{
    have_state("'not_found'");
    test_database_run(&database, "UPDATE inbox SET idempotency_key = '\\x00ff'");

    ck_assert_int_eq(EXIT_DONE, dead_retry_letter(&retry, 7, arena));

    expect_said("idempotency_key=00ff;", worker.headers);
}
END_TEST

START_TEST(a_user_of_old_is_among_the_headers)
{
    test_database_run(&database, "UPDATE dead_letters SET user_id = NULL,"
                                 " headers = '{\"user_id\":13}'");

    ck_assert_int_eq(EXIT_DONE, dead_retry_letter(&retry, 7, arena));

    ck_assert_str_eq(worker.headers, "user_id=13;");
}
END_TEST

START_TEST(a_letter_without_identity_keeps_the_one_it_is_given)
{
    test_database_run(&database, "UPDATE dead_letters SET message_id = NULL");
    lose_queue();

    ck_assert_int_eq(EXIT_UNREACHABLE, dead_retry_letter(&retry, 7, arena));

    ck_assert_int_eq(rows_of("dead_letters WHERE message_id IS NOT NULL"), 1);
    ck_assert_int_eq(rows_of("inbox JOIN dead_letters USING (message_id)"), 1);
}
END_TEST

START_TEST(a_message_that_finds_no_queue_is_no_loss)
{
    have_state("'not_found'");
    lose_queue();

    ck_assert_int_eq(EXIT_UNREACHABLE, dead_retry_letter(&retry, 7, arena));

    expect_nothing_done();
    expect_said("dead letter 7 stays: there is no queue for it", captured_errors());
    ck_assert_int_eq(rows_of("inbox WHERE error = 'not_found' AND NOT is_final AND user_id = 12"),
                     1);
    ck_assert(!retry.is_pointless);
}
END_TEST

START_TEST(a_broker_in_alarm_is_waited_for_no_longer_than_said)
{
    have_state("'not_found'");
    ck_assert(dead_publisher_await(&publisher, 1000));
    memory_broker_set_blocked(broker, true);
    bus_poll(publisher.bus, 0);
    retry.timeout_ms = 50;

    ck_assert_int_eq(EXIT_UNREACHABLE, dead_retry_letter(&retry, 7, arena));

    expect_nothing_done();
    ck_assert_int_eq(rows_of("inbox WHERE error = 'not_found' AND is_final"), 1);
    ck_assert(retry.is_pointless);
}
END_TEST

static void cut_our_connection(void)
{
    memory_bus_disconnect(publisher.bus, false);
}

START_TEST(without_a_confirm_the_letter_stays_and_may_be_sent_again)
{
    have_state("'not_found'");
    worker.on_message = cut_our_connection;

    ck_assert_int_eq(EXIT_NO_ANSWER, dead_retry_letter(&retry, 7, arena));

    expect_nothing_done();
    ck_assert_int_eq(rows_of("inbox WHERE NOT is_final"), 1);
    worker.on_message = NULL;
    ck_assert_int_eq(EXIT_DONE, dead_retry_letter(&retry, 7, arena));
    ck_assert_int_eq(worker.count, 2);
    ck_assert_str_eq(worker.message_id, ID);
    ck_assert_int_eq(rows_of("dead_letters"), 0);
}
END_TEST

static void cut_the_database(void)
{
    test_database_terminate(&database, "postroom");
}

/* What a kill between the confirm and the commit leaves behind. */
START_TEST(cut_off_after_publishing_the_letter_stays_and_the_identity_too)
{
    worker.on_message = cut_the_database;

    ck_assert_int_eq(EXIT_UNREACHABLE, dead_retry_letter(&retry, 7, arena));

    ck_assert_int_eq(worker.count, 1);
    ck_assert_str_eq(worker.message_id, ID);
    expect_nothing_done();
    worker.on_message = NULL;
    ck_assert_int_eq(EXIT_DONE, dead_retry_letter(&retry, 7, arena));
    ck_assert_str_eq(worker.message_id, ID);
}
END_TEST

START_TEST(only_one_of_two_sends_it)
{
    struct dead_letter held;
    ck_assert_int_eq(EXIT_DONE, dead_letter_lock(other_db, 7, arena, &held));
    have_state("'not_found'");

    ck_assert_int_eq(EXIT_PROBLEM, dead_retry_letter(&retry, 7, arena));

    expect_said("dead letter 7 is being worked on", captured_errors());
    ck_assert_int_eq(worker.count, 0);
    ck_assert_int_eq(rows_of("inbox"), 1);
    expect_nothing_done();
}
END_TEST

/* A worker that has failed again cannot bury the letter anew while we hold the old one: it tries
 * again, as it does in any trouble of the database. */
static void bury_again(void)
{
    expect_err(ERR_UNAVAILABLE, postgres_execute(other_db, &upsert, NULL, NULL));
}

START_TEST(a_letter_that_comes_back_at_once_is_not_lost_with_the_old_one)
{
    worker.on_message = bury_again;

    ck_assert_int_eq(EXIT_DONE, dead_retry_letter(&retry, 7, arena));
    ck_assert_int_eq(rows_of("dead_letters"), 0);

    expect_ok(postgres_execute(other_db, &upsert, NULL, NULL));
    ck_assert_int_eq(rows_of("dead_letters WHERE detail = 'again' AND id <> 7"), 1);
}
END_TEST

START_TEST(a_letter_that_is_just_being_buried_is_left_to_the_worker)
{
    expect_ok(postgres_execute(other_db, &begin, NULL, NULL));
    expect_ok(postgres_execute(other_db, &upsert, NULL, NULL));

    ck_assert_int_eq(EXIT_PROBLEM, dead_retry_letter(&retry, 7, arena));

    ck_assert_int_eq(worker.count, 0);
    postgres_rollback(other_db);
    ck_assert_int_eq(EXIT_DONE, dead_retry_letter(&retry, 7, arena));
}
END_TEST

START_TEST(a_letter_that_cannot_be_sent_keeps_its_failure)
{
    have_state("'not_found'");
    test_database_run(&database, "UPDATE dead_letters SET body = 'null'");

    ck_assert_int_eq(EXIT_PROBLEM, dead_retry_letter(&retry, 7, arena));

    expect_nothing_done();
    ck_assert_int_eq(rows_of("inbox WHERE is_final"), 1);
    ck_assert_int_eq(worker.count, 0);
    ck_assert(!retry.is_pointless);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, create, drop);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, sends_the_same_message_and_forgets_the_letter);
    tcase_add_test(tests, a_worker_finds_no_failure_and_the_letter_is_still_there);
    tcase_add_test(tests, what_is_done_stays_done);
    tcase_add_test(tests, what_is_stored_for_another_command_of_that_identity_stays);
    tcase_add_test(tests, the_key_of_the_identity_goes_with_it);
    tcase_add_test(tests, a_user_of_old_is_among_the_headers);
    tcase_add_test(tests, a_letter_without_identity_keeps_the_one_it_is_given);
    tcase_add_test(tests, a_message_that_finds_no_queue_is_no_loss);
    tcase_add_test(tests, a_broker_in_alarm_is_waited_for_no_longer_than_said);
    tcase_add_test(tests, without_a_confirm_the_letter_stays_and_may_be_sent_again);
    tcase_add_test(tests, cut_off_after_publishing_the_letter_stays_and_the_identity_too);
    tcase_add_test(tests, only_one_of_two_sends_it);
    tcase_add_test(tests, a_letter_that_comes_back_at_once_is_not_lost_with_the_old_one);
    tcase_add_test(tests, a_letter_that_is_just_being_buried_is_left_to_the_worker);
    tcase_add_test(tests, a_letter_that_cannot_be_sent_keeps_its_failure);
}
CHECK_MAIN("cli dead retry", add_tests)
