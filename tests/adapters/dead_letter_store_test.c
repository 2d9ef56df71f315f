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

static enum letter_obstacle retry(int64_t id)
{
    enum letter_obstacle obstacle;
    expect_ok(dead_letter_store_retry(world.dead_letters, &message.ctx, id, &obstacle));
    return obstacle;
}

static enum letter_obstacle drop(int64_t id)
{
    enum letter_obstacle obstacle;
    expect_ok(dead_letter_store_drop(world.dead_letters, &message.ctx, id, &obstacle));
    return obstacle;
}

START_TEST(a_letter_is_sent_again_once)
{
    int64_t id = world_put_letter("posts.delete", "{\"post_id\":1}");
    int64_t other = world_put_letter("posts.delete", "{\"post_id\":1}");

    ck_assert_int_eq(retry(id), LETTER_HAS_LEFT);

    ck_assert_int_eq(retry(id), LETTER_OBSTACLE_GONE);
    ck_assert_int_eq(retry(other), LETTER_HAS_LEFT);
}
END_TEST

START_TEST(a_letter_is_dropped_once)
{
    int64_t id = world_put_letter("posts.delete", "{\"post_id\":1}");

    ck_assert_int_eq(drop(id), LETTER_HAS_LEFT);

    ck_assert_int_eq(drop(id), LETTER_OBSTACLE_GONE);
    ck_assert_int_eq(retry(id), LETTER_OBSTACLE_GONE);
}
END_TEST

START_TEST(a_letter_that_cannot_be_sent_stays_and_can_be_dropped)
{
    int64_t secret = world_put_letter(
        "users.login", "{\"username\":\"ann@example.org\",\"password\":\"[removed]\"}");
    int64_t unknown = world_put_letter("notes.tidy", "{}");
    int64_t event = world_put_letter("posts.deleted", "{}");
    int64_t unreadable = world_put_letter("posts.delete", "null");

    ck_assert_int_eq(retry(secret), LETTER_OBSTACLE_HAS_SECRETS);
    ck_assert_int_eq(retry(unknown), LETTER_OBSTACLE_UNKNOWN_MESSAGE);
    ck_assert_int_eq(retry(event), LETTER_OBSTACLE_UNKNOWN_MESSAGE);
    ck_assert_int_eq(retry(unreadable), LETTER_OBSTACLE_UNREADABLE);

    ck_assert_int_eq(drop(secret), LETTER_HAS_LEFT);
    ck_assert_int_eq(drop(unknown), LETTER_HAS_LEFT);
    ck_assert_int_eq(drop(event), LETTER_HAS_LEFT);
    ck_assert_int_eq(drop(unreadable), LETTER_HAS_LEFT);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, there_are_none_at_first);
    tcase_add_test(tests, letters_count_from_their_moment_on);
    tcase_add_test(tests, a_letter_is_sent_again_once);
    tcase_add_test(tests, a_letter_is_dropped_once);
    tcase_add_test(tests, a_letter_that_cannot_be_sent_stays_and_can_be_dropped);
}
CHECK_MAIN("dead_letter_store", add_tests)
