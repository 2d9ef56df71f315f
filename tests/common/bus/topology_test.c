/* The topology is part of the contract: to the letter. */

#include "common/bus/topology.h"

#include <stdio.h>
#include <string.h>

#include "common/contract/contract.h"
#include "support/check_main.h"

static const struct contract create = {.name = "posts.create",
                                       .kind = MESSAGE_COMMAND,
                                       .exchange = EXCHANGE_COMMANDS,
                                       .queue = "command.posts.create"};
static const struct contract list = {.name = "posts.list",
                                     .kind = MESSAGE_QUERY,
                                     .exchange = EXCHANGE_QUERIES,
                                     .queue = "query.posts.list"};
static const struct contract created = {.name = "posts.created", .kind = MESSAGE_EVENT};
static const struct contract *const three[] = {&create, &list, &created};

static struct topology *topology;

static void setup(void)
{
    topology = topology_new(three, ARRAY_COUNT(three));
}

static void teardown(void)
{
    topology_free(topology);
}

static const struct bus_queue *queue(const char *name)
{
    for (size_t i = 0; i < topology->queue_count; i++) {
        if (strcmp(topology->queues[i].name, name) == 0) {
            return &topology->queues[i];
        }
    }
    ck_abort_msg("no queue %s", name);
}

static void expect_arguments(const char *name, const struct bus_argument *expected, size_t count)
{
    const struct bus_queue *found = queue(name);
    ck_assert_uint_eq(found->argument_count, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(found->arguments[i].name, expected[i].name);
        ck_assert_pstr_eq(found->arguments[i].text, expected[i].text);
        ck_assert_int_eq(found->arguments[i].integer, expected[i].integer);
    }
}

static void expect_bound(const char *name, const char *exchange, const char *routing_key)
{
    ck_assert_str_eq(queue(name)->exchange, exchange);
    ck_assert_str_eq(queue(name)->routing_key, routing_key);
}

START_TEST(has_its_exchanges)
{
    const struct bus_exchange expected[] = {
        {"postroom.commands", "direct", NULL},
        {"postroom.queries", "direct", NULL},
        {"postroom.events", "topic", NULL},
        {"postroom.dead", "fanout", NULL},
        {"postroom.retried", "direct", "postroom.dead"},
        {"postroom.reports", "fanout", NULL},
        {"postroom.retry.1", "fanout", NULL},
        {"postroom.retry.2", "fanout", NULL},
        {"postroom.retry.3", "fanout", NULL},
        {"postroom.retry.4", "fanout", NULL},
        {"postroom.retry.5", "fanout", NULL},
    };
    ck_assert_uint_eq(topology->exchange_count, ARRAY_COUNT(expected));
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++) {
        ck_assert_str_eq(topology->exchanges[i].name, expected[i].name);
        ck_assert_str_eq(topology->exchanges[i].kind, expected[i].kind);
        ck_assert_pstr_eq(topology->exchanges[i].alternate, expected[i].alternate);
    }
}
END_TEST

START_TEST(gives_a_command_a_quorum_queue)
{
    const struct bus_argument expected[] = {
        {"x-queue-type", "quorum", 0},
        {"x-delivery-limit", NULL, 20},
        {"x-dead-letter-exchange", "postroom.dead", 0},
        {"x-dead-letter-strategy", "at-least-once", 0},
        {"x-max-length", NULL, 100000},
        {"x-overflow", "reject-publish", 0},
    };
    expect_arguments("command.posts.create", expected, ARRAY_COUNT(expected));
    expect_bound("command.posts.create", "postroom.commands", "posts.create");
}
END_TEST

START_TEST(gives_a_query_a_classic_queue)
{
    const struct bus_argument expected[] = {
        {"x-max-length", NULL, 10000},
        {"x-overflow", "reject-publish", 0},
    };
    expect_arguments("query.posts.list", expected, ARRAY_COUNT(expected));
    expect_bound("query.posts.list", "postroom.queries", "posts.list");
}
END_TEST

START_TEST(takes_in_dead_letters)
{
    const struct bus_argument expected[] = {{"x-queue-type", "quorum", 0}};
    expect_arguments("dead.intake", expected, ARRAY_COUNT(expected));
    expect_bound("dead.intake", "postroom.dead", "");
}
END_TEST

START_TEST(has_a_ladder_of_queues_that_give_back_what_has_waited)
{
    const long long waits_ms[] = {2000, 10000, 60000, 300000, 900000};
    for (size_t i = 0; i < ARRAY_COUNT(waits_ms); i++) {
        const struct bus_argument expected[] = {
            {"x-queue-type", "quorum", 0},
            {"x-message-ttl", NULL, waits_ms[i]},
            {"x-dead-letter-exchange", "postroom.retried", 0},
            {"x-dead-letter-strategy", "at-least-once", 0},
            {"x-max-length", NULL, 100000},
            {"x-overflow", "reject-publish", 0},
        };
        char name[32];
        char exchange[32];
        (void)snprintf(name, sizeof(name), "retry.%zu", i + 1);
        (void)snprintf(exchange, sizeof(exchange), "postroom.retry.%zu", i + 1);
        expect_arguments(name, expected, ARRAY_COUNT(expected));
        expect_bound(name, exchange, "");
        ck_assert_str_eq(retry_rungs[i].queue, name);
        ck_assert_str_eq(retry_rungs[i].exchange, exchange);
        ck_assert_int_eq(retry_rungs[i].wait_max_ms, waits_ms[i]);
    }
}
END_TEST

START_TEST(has_no_queue_for_an_event)
{
    ck_assert_uint_eq(topology->queue_count, 3 + RETRY_RUNGS);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, has_its_exchanges);
    tcase_add_test(tests, gives_a_command_a_quorum_queue);
    tcase_add_test(tests, gives_a_query_a_classic_queue);
    tcase_add_test(tests, takes_in_dead_letters);
    tcase_add_test(tests, has_a_ladder_of_queues_that_give_back_what_has_waited);
    tcase_add_test(tests, has_no_queue_for_an_event);
}
CHECK_MAIN("topology", add_tests)
