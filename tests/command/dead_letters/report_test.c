/* dead_letters.report: the staff learns that there are messages that failed for good. */

#include <stdio.h>

#include "contracts/dead_letters_report.h"
#include "tests/command/world.h"

static const int64_t HOUR_US = INT64_C(3600) * 1000 * 1000;

static struct dead_letters_report_command command;
static struct dead_letters_report_result result;

static void setup(void)
{
    world_setup();
    world.ctx.user_id = NOBODY; /* sent by the schedule */
    world.ctx.now_us = 1000 * HOUR_US;
    fake_user_store_get(&world.users, BOB)->is_staff = true;
    fake_dead_letter_store_add(&world.dead_letters, world.ctx.now_us - HOUR_US);
    command.hours = 24;
    result = (struct dead_letters_report_result){0};
}

START_TEST(sends_a_report_to_each_member_of_the_staff)
{
    fake_user_store_get(&world.users, ANN)->is_staff = true;

    expect_ok(dead_letters_report_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world_sent_count(), 2);
    ck_assert_int_eq(result.recipients, 2);
}
END_TEST

START_TEST(sends_it_to_each_of_a_large_staff)
{
    char email[32];
    for (int i = 0; i < 200; i++) {
        (void)snprintf(email, sizeof(email), "clerk%d@example.org", i);
        fake_user_store_add(&world.users, email)->is_staff = true;
    }

    expect_ok(dead_letters_report_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world_sent_count(), 201);
    ck_assert_int_eq(result.recipients, 201);
}
END_TEST

START_TEST(says_how_many_letters_there_are)
{
    fake_dead_letter_store_add(&world.dead_letters, world.ctx.now_us - 2 * HOUR_US);

    expect_ok(dead_letters_report_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(result.letters, 2);
    ck_assert_str_eq(world_sent("users.send_dead_letter_report"),
                     "{\"user_id\":2,\"letters\":2,\"hours\":24}");
}
END_TEST

START_TEST(sends_nothing_when_there_are_none)
{
    world.dead_letters.count = 0;

    expect_ok(dead_letters_report_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world_sent_count(), 0);
    ck_assert_int_eq(result.letters, 0);
}
END_TEST

START_TEST(leaves_out_older_ones)
{
    command.hours = 1;
    world.dead_letters.letters[0].failed_us = world.ctx.now_us - 2 * HOUR_US;

    expect_ok(dead_letters_report_handle(&world.ctx, &command, &result));

    ck_assert_int_eq(result.letters, 0);
}
END_TEST

START_TEST(leaves_out_staff_that_is_not_active)
{
    fake_user_store_get(&world.users, BOB)->is_active = false;

    expect_ok(dead_letters_report_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world_sent_count(), 0);
    ck_assert_int_eq(result.recipients, 0);
}
END_TEST

START_TEST(passes_trouble_on)
{
    world.dead_letters.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, dead_letters_report_handle(&world.ctx, &command, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, sends_a_report_to_each_member_of_the_staff);
    tcase_add_test(tests, sends_it_to_each_of_a_large_staff);
    tcase_add_test(tests, says_how_many_letters_there_are);
    tcase_add_test(tests, sends_nothing_when_there_are_none);
    tcase_add_test(tests, leaves_out_older_ones);
    tcase_add_test(tests, leaves_out_staff_that_is_not_active);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("dead_letters.report", add_tests)
