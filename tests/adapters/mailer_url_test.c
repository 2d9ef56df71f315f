/* EMAIL_URL and EMAIL_FROM: what is understood and what is refused at start-up. */

#include "services/command/adapters/mailer.h"
#include "tests/support/check_main.h"

static const char *const good_urls[] = {
    "smtp://localhost",
    "smtp://localhost:2525",
    "smtp://mail.example.org:587/",
    "smtp://user:p%40ss@mail.example.org",
    "smtp://[::1]:25",
    "smtps://mail.example.org",
    "file:///var/mail/postroom",
    "file://localhost/var/mail/postroom",
};

static const char *const bad_urls[] = {
    "",
    "localhost",
    "localhost:25",
    "/var/mail",
    "http://localhost",
    "smtp://",
    "smtp://:25",
    "smtp://localhost:port",
    "smtp://localhost:99999",
    "smtp://local host",
    "smtp://localhost/folder",
    "smtp://localhost?starttls=no",
    "smtp://localhost#part",
    "file://",
    "file:///",
    "file://elsewhere/var/mail",
    "file:///var/mail?x",
};

START_TEST(understands_a_good_url)
{
    ck_assert_msg(email_url_is_valid(good_urls[_i]), "refused: %s", good_urls[_i]);
}
END_TEST

START_TEST(refuses_a_bad_url)
{
    struct mailer *mailer = NULL;

    ck_assert_msg(!email_url_is_valid(bad_urls[_i]), "understood: %s", bad_urls[_i]);
    expect_err(ERR_INVALID_INPUT, mailer_open(bad_urls[_i], "postroom@example.org", &mailer));

    ck_assert_ptr_null(mailer);
}
END_TEST

START_TEST(opens_without_connecting)
{
    struct mailer *mailer = NULL;

    expect_ok(mailer_open("smtp://no-such-host.invalid", "postroom@localhost", &mailer));

    mailer_free(mailer);
}
END_TEST

START_TEST(refuses_a_sender_that_is_no_address)
{
    static const char *const senders[] = {"", "postroom", "Postroom <postroom@example.org>",
                                          "postroom@example.org\r\nBcc: eve@example.org"};
    struct mailer *mailer = NULL;

    expect_err(ERR_INVALID_INPUT, mailer_open("smtp://localhost", senders[_i], &mailer));

    ck_assert_ptr_null(mailer);
}
END_TEST

START_TEST(frees_no_mailer)
{
    mailer_free(NULL);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, understands_a_good_url, 0, ARRAY_COUNT(good_urls));
    tcase_add_loop_test(tests, refuses_a_bad_url, 0, ARRAY_COUNT(bad_urls));
    tcase_add_test(tests, opens_without_connecting);
    tcase_add_loop_test(tests, refuses_a_sender_that_is_no_address, 0, 4);
    tcase_add_test(tests, frees_no_mailer);
}
CHECK_MAIN("mailer", add_tests)
