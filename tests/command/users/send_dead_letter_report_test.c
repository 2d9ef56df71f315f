/* users.send_dead_letter_report: a member of the staff is told by e-mail of dead letters. */

#include <string.h>

#include "contracts/users_send_dead_letter_report.h"
#include "tests/command/world.h"

static struct users_send_dead_letter_report_command command; /* to Bob */
static struct users_send_dead_letter_report_result result;

static void setup(void)
{
    world_setup();
    world.ctx.user_id = NOBODY; /* sent by the system */
    command.user_id = BOB;
    command.letters = 3;
    command.hours = 24;
}

START_TEST(sends_one_mail_to_the_user)
{
    expect_ok(users_send_dead_letter_report_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.mailer.count, 1);
    ck_assert_str_eq(world.mailer.mails[0].to, "bob@example.org");
}
END_TEST

START_TEST(says_how_many_there_are)
{
    expect_ok(users_send_dead_letter_report_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(world.mailer.mails[0].subject, "Dead letters");
    ck_assert_str_eq(world.mailer.mails[0].text,
                     "3 messages have failed for good within 24 hours.\n"
                     "Look at them with: postroom dead list\n");
}
END_TEST

START_TEST(counts_one_letter_as_one)
{
    command.letters = 1;

    expect_ok(users_send_dead_letter_report_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(world.mailer.mails[0].text,
                     "One message has failed for good within 24 hours.\n"
                     "Look at them with: postroom dead list\n");
}
END_TEST

START_TEST(says_the_same_on_a_page_in_the_language_of_the_user)
{
    strcpy(fake_user_store_get(&world.users, BOB)->language, "de");

    expect_ok(users_send_dead_letter_report_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(world.mailer.mails[0].language, "de");
    ck_assert_ptr_nonnull(
        strstr(world.mailer.mails[0].html,
               "<p>3 Nachrichten sind innerhalb von 24 Stunden endgültig gescheitert.</p>"));
}
END_TEST

START_TEST(does_not_find_a_user_that_is_not_there)
{
    command.user_id = 404;

    expect_err(ERR_NOT_FOUND, users_send_dead_letter_report_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.mailer.count, 0);
}
END_TEST

START_TEST(is_unavailable_while_no_mail_can_be_sent)
{
    world.mailer.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE,
               users_send_dead_letter_report_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(does_not_take_trouble_of_ours_for_a_missing_user)
{
    world.users.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE,
               users_send_dead_letter_report_handle(&world.ctx, &command, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, sends_one_mail_to_the_user);
    tcase_add_test(tests, says_how_many_there_are);
    tcase_add_test(tests, counts_one_letter_as_one);
    tcase_add_test(tests, says_the_same_on_a_page_in_the_language_of_the_user);
    tcase_add_test(tests, does_not_find_a_user_that_is_not_there);
    tcase_add_test(tests, is_unavailable_while_no_mail_can_be_sent);
    tcase_add_test(tests, does_not_take_trouble_of_ours_for_a_missing_user);
}
CHECK_MAIN("users.send_dead_letter_report", add_tests)
