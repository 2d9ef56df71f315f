/* users.send_registration_notification: a new user is told by e-mail. */

#include <string.h>

#include "contracts/users_send_registration_notification.h"
#include "tests/command/world.h"

static struct users_send_registration_notification_command command; /* to Bob */
static struct users_send_registration_notification_result result;

static void setup(void)
{
    world_setup();
    world.ctx.user_id = NOBODY; /* sent by the system */
    command.user_id = BOB;
}

START_TEST(sends_one_mail_to_the_user)
{
    expect_ok(users_send_registration_notification_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.mailer.count, 1);
    ck_assert_str_eq(world.mailer.mails[0].to, "bob@example.org");
}
END_TEST

START_TEST(says_that_the_registration_succeeded)
{
    expect_ok(users_send_registration_notification_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(world.mailer.mails[0].subject, "Successful registration");
    ck_assert_str_eq(world.mailer.mails[0].text, "You have successfully registered\n");
}
END_TEST

START_TEST(says_the_same_on_a_page)
{
    expect_ok(users_send_registration_notification_handle(&world.ctx, &command, &result));

    const char *html = world.mailer.mails[0].html;
    ck_assert_ptr_nonnull(strstr(html, "<title>Successful registration</title>"));
    ck_assert_ptr_nonnull(strstr(html, "<p>You have successfully registered</p>"));
    ck_assert_ptr_nonnull(strstr(html, "bob@example.org"));
}
END_TEST

START_TEST(escapes_an_address_on_the_page)
{
    strcpy(fake_user_store_get(&world.users, BOB)->email, "&'`<script>@example.org");

    expect_ok(users_send_registration_notification_handle(&world.ctx, &command, &result));

    ck_assert_ptr_null(strstr(world.mailer.mails[0].html, "<script>"));
    ck_assert_ptr_nonnull(strstr(world.mailer.mails[0].html, "&lt;script&gt;@example.org"));
}
END_TEST

/* The language of the user, else of the message, and what the mail says then. */
static const struct {
    const char *of_user, *of_message, *language, *subject, *text;
} languages[] = {
    {NULL, NULL, "en", "Successful registration", "You have successfully registered\n"},
    {NULL, "de", "de", "Registrierung erfolgreich", "Sie haben sich erfolgreich registriert\n"},
    {"fr-CH, de;q=0.5", "de", "fr", "Inscription réussie", "Vous êtes bien inscrit\n"},
    {"en", "de", "en", "Successful registration", "You have successfully registered\n"},
    {"tlh", "de", "en", "Successful registration", "You have successfully registered\n"},
};

START_TEST(speaks_the_language_of_the_user)
{
    strcpy(fake_user_store_get(&world.users, BOB)->language,
           languages[_i].of_user == NULL ? "" : languages[_i].of_user);
    world.ctx.language = languages[_i].of_message;

    expect_ok(users_send_registration_notification_handle(&world.ctx, &command, &result));

    ck_assert_str_eq(world.mailer.mails[0].language, languages[_i].language);
    ck_assert_str_eq(world.mailer.mails[0].subject, languages[_i].subject);
    ck_assert_str_eq(world.mailer.mails[0].text, languages[_i].text);
    ck_assert_ptr_nonnull(strstr(world.mailer.mails[0].html, languages[_i].subject));
}
END_TEST

START_TEST(does_not_find_a_user_that_is_not_there)
{
    command.user_id = 404;

    expect_err(ERR_NOT_FOUND,
               users_send_registration_notification_handle(&world.ctx, &command, &result));

    ck_assert_uint_eq(world.mailer.count, 0);
}
END_TEST

START_TEST(is_unavailable_while_no_mail_can_be_sent)
{
    world.mailer.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE,
               users_send_registration_notification_handle(&world.ctx, &command, &result));
}
END_TEST

START_TEST(does_not_take_trouble_of_ours_for_a_missing_user)
{
    world.users.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE,
               users_send_registration_notification_handle(&world.ctx, &command, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, sends_one_mail_to_the_user);
    tcase_add_test(tests, says_that_the_registration_succeeded);
    tcase_add_test(tests, says_the_same_on_a_page);
    tcase_add_test(tests, escapes_an_address_on_the_page);
    tcase_add_loop_test(tests, speaks_the_language_of_the_user, 0, ARRAY_COUNT(languages));
    tcase_add_test(tests, does_not_find_a_user_that_is_not_there);
    tcase_add_test(tests, is_unavailable_while_no_mail_can_be_sent);
    tcase_add_test(tests, does_not_take_trouble_of_ours_for_a_missing_user);
}
CHECK_MAIN("users.send_registration_notification", add_tests)
