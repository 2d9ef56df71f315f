/* Rules of the port dead_letter_store. */

#include "contracts/dead_letters_report.h"
#include "tests/adapters/command_world.h"
#include "tests/adapters/message.h"
#include "tests/support/check_main.h"

static const int64_t NOON_US = INT64_C(1700000000) * 1000 * 1000;

static struct command_world world;
static struct message message;

static void setup(void)
{
    command_world_open(&world);
    message_open(&message, &dead_letters_report_contract);
}

static void teardown(void)
{
    message_close(&message);
    command_world_close(&world);
}

static int64_t count_since(int64_t since_us)
{
    int64_t count = -1;
    expect_ok(dead_letter_store_count(world.dead_letters, &message.ctx, since_us, &count));
    return count;
}

START_TEST(there_are_none_at_first)
{
    ck_assert_int_eq(count_since(0), 0);
}
END_TEST

START_TEST(letters_count_from_their_moment_on)
{
    world_add_letter(NOON_US - 1000000);
    world_add_letter(NOON_US);
    world_add_letter(NOON_US + 1000000);

    ck_assert_int_eq(count_since(NOON_US - 1000000), 3);
    ck_assert_int_eq(count_since(NOON_US), 2);
    ck_assert_int_eq(count_since(NOON_US + 1), 1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, there_are_none_at_first);
    tcase_add_test(tests, letters_count_from_their_moment_on);
}
CHECK_MAIN("dead_letter_store", add_tests)
