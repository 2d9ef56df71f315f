/* Rules of the port login_attempts. */

#include "contracts/users_login.h"
#include "tests/adapters/command_world.h"
#include "tests/adapters/message.h"
#include "tests/support/check_main.h"

#define HERE "192.0.2.7"
#define ELSEWHERE "198.51.100.9"

static const struct attempts_drain drains[ATTEMPTS_OF_COUNT] = {
    [ATTEMPTS_OF_PAIR] = {.interval_ms = 1000000, .level_max = 5000},
    [ATTEMPTS_OF_ACCOUNT] = {.interval_ms = 2000000, .level_max = 9000},
    [ATTEMPTS_OF_NETWORK] = {.interval_ms = 4000000, .level_max = 9000},
};

static struct command_world world;
static struct message message;
static struct ctx *ctx;
static struct attempts found[ATTEMPTS_OF_COUNT];

static void setup(void)
{
    command_world_open(&world);
    message_open(&message, &users_login_contract);
    ctx = &message.ctx;
    ctx->client_address = HERE;
}

static void teardown(void)
{
    message_close(&message);
    command_world_close(&world);
}

static void fail_here(const char *account, int times)
{
    for (int i = 0; i < times; i++) {
        expect_ok(login_attempts_add(world.login_attempts, ctx, account, drains));
    }
}

/* Whole failures, to the nearest: a little of each drains while the test runs. */
static void expect_counted(const char *account, int of_pair, int of_account, int of_network)
{
    expect_ok(login_attempts_find(world.login_attempts, ctx, account, found));
    ck_assert_int_eq((int)((found[ATTEMPTS_OF_PAIR].level + 500) / 1000), of_pair);
    ck_assert_int_eq((int)((found[ATTEMPTS_OF_ACCOUNT].level + 500) / 1000), of_account);
    ck_assert_int_eq((int)((found[ATTEMPTS_OF_NETWORK].level + 500) / 1000), of_network);
}

START_TEST(nothing_has_failed_at_first)
{
    expect_counted("ann@example.com", 0, 0, 0);
}
END_TEST

START_TEST(a_failure_counts_for_pair_account_and_network)
{
    fail_here("ann@example.com", 2);
    expect_counted("ann@example.com", 2, 2, 2);
    expect_counted("bob@example.com", 0, 0, 2);

    ctx->client_address = ELSEWHERE;
    expect_counted("ann@example.com", 0, 2, 0);
    fail_here("ann@example.com", 1);
    expect_counted("ann@example.com", 1, 3, 1);
}
END_TEST

START_TEST(the_account_is_the_same_in_any_case)
{
    fail_here("ann@example.com", 1);
    fail_here("Ann@EXAMPLE.com", 1);

    expect_counted("ANN@example.com", 2, 2, 2);
}
END_TEST

START_TEST(the_network_of_an_ipv6_address_is_its_first_half)
{
    ctx->client_address = "2001:db8::1";
    fail_here("ann@example.com", 1);

    ctx->client_address = "2001:db8::2";
    expect_counted("ann@example.com", 1, 1, 1);
    ctx->client_address = "2001:db8:0:1::1";
    expect_counted("ann@example.com", 0, 1, 0);
}
END_TEST

START_TEST(without_an_address_only_the_account_counts)
{
    ctx->client_address = NULL;
    fail_here("ann@example.com", 2);

    expect_counted("ann@example.com", 2, 2, 0);
    expect_counted("bob@example.com", 0, 0, 0);
}
END_TEST

START_TEST(it_is_known_how_long_ago_the_latest_failed)
{
    fail_here("ann@example.com", 1);
    world_age_attempts(7000);

    expect_counted("ann@example.com", 1, 1, 1);
    ck_assert_int_ge(found[ATTEMPTS_OF_PAIR].age_ms, 7000);
}
END_TEST

START_TEST(what_is_counted_drains_away_each_at_its_own_pace)
{
    fail_here("ann@example.com", 3);
    world_age_attempts(2000000);

    fail_here("ann@example.com", 1);

    expect_counted("ann@example.com", 2, 3, 4); /* of 3.5, to the nearest */
}
END_TEST

START_TEST(it_never_drains_below_nothing_nor_counts_beyond_the_most)
{
    fail_here("ann@example.com", 1);
    world_age_attempts(90000000);

    fail_here("ann@example.com", 1);
    expect_counted("ann@example.com", 1, 1, 1);
    fail_here("ann@example.com", 9);
    expect_counted("ann@example.com", 5, 9, 9);
}
END_TEST

START_TEST(what_is_forgotten_is_the_pair)
{
    fail_here("ann@example.com", 2);

    expect_ok(login_attempts_forget(world.login_attempts, ctx, "Ann@example.com"));

    expect_counted("ann@example.com", 0, 2, 2);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, nothing_has_failed_at_first);
    tcase_add_test(tests, a_failure_counts_for_pair_account_and_network);
    tcase_add_test(tests, the_account_is_the_same_in_any_case);
    tcase_add_test(tests, the_network_of_an_ipv6_address_is_its_first_half);
    tcase_add_test(tests, without_an_address_only_the_account_counts);
    tcase_add_test(tests, it_is_known_how_long_ago_the_latest_failed);
    tcase_add_test(tests, what_is_counted_drains_away_each_at_its_own_pace);
    tcase_add_test(tests, it_never_drains_below_nothing_nor_counts_beyond_the_most);
    tcase_add_test(tests, what_is_forgotten_is_the_pair);
}
CHECK_MAIN("login_attempts", add_tests)
