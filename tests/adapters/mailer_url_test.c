/* EMAIL_URL and EMAIL_FROM: what is understood and what is refused at start-up. */

#include <string.h>

#include "services/command/adapters/mailer.h"
#include "tests/support/check_main.h"

static const char *const good_urls[] = {
    "smtp://localhost",
    "smtp://localhost:2525",
    "smtp://mail.example.org:587/",
    "smtp://user:p%40ss@mail.example.org",
    "smtp://user:p%40ss@mail.example.org?tls=required",
    "smtp://user:p%40ss@mail.example.org/?tls=none",
    "smtp://mail.example.org?tls=required",
    "smtp://mail.example.org?tls=offered",
    "smtp://mail.example.org:25?tls=none",
    "smtps://user:p%40ss@mail.example.org:465",
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
    "smtp://localhost?tls=",
    "smtp://localhost?tls=none&tls=required",
    "smtp://localhost?TLS=none",
    "smtp://user:password@localhost?tls=offered", /* the password might be seen */
    "smtps://localhost?tls=none",
    "smtps://localhost?tls=required",
    "smtp://localhost#part",
    "file://",
    "file:///",
    "file://elsewhere/var/mail",
    "file:///var/mail?x",
};

static struct mailer_options options_of(const char *url)
{
    return (struct mailer_options){.url = url, .from = "postroom@example.org", .ca_file = ""};
}

START_TEST(understands_a_good_url)
{
    const struct mailer_options options = options_of(good_urls[_i]);

    ck_assert_msg(mailer_complaint(&options) == NULL, "refused: %s", good_urls[_i]);
}
END_TEST

START_TEST(refuses_a_bad_url)
{
    const struct mailer_options options = options_of(bad_urls[_i]);
    struct mailer *mailer = NULL;

    ck_assert_msg(mailer_complaint(&options) != NULL, "understood: %s", bad_urls[_i]);
    expect_err(ERR_INVALID_INPUT, mailer_open(&options, &mailer));

    ck_assert_ptr_null(mailer);
}
END_TEST

START_TEST(opens_without_connecting)
{
    const struct mailer_options options = options_of("smtp://no-such-host.invalid");
    struct mailer *mailer = NULL;

    expect_ok(mailer_open(&options, &mailer));

    mailer_free(mailer);
}
END_TEST

START_TEST(refuses_a_sender_that_is_no_address)
{
    static const char *const senders[] = {"", "postroom", "Postroom <postroom@example.org>",
                                          "postroom@example.org\r\nBcc: eve@example.org"};
    struct mailer_options options = options_of("smtp://localhost");
    options.from = senders[_i];
    struct mailer *mailer = NULL;

    expect_err(ERR_INVALID_INPUT, mailer_open(&options, &mailer));

    ck_assert_ptr_null(mailer);
}
END_TEST

START_TEST(complains_about_the_setting_that_is_wrong)
{
    struct mailer_options options = options_of("nonsense");
    ck_assert_ptr_nonnull(strstr(mailer_complaint(&options), "EMAIL_URL"));
    options = options_of("smtp://localhost");
    options.from = "nobody";
    ck_assert_ptr_nonnull(strstr(mailer_complaint(&options), "EMAIL_FROM"));
    options = options_of("smtp://localhost");
    options.ca_file = "/nonexistent";
    ck_assert_ptr_nonnull(strstr(mailer_complaint(&options), "EMAIL_CA_FILE"));
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
    tcase_add_test(tests, complains_about_the_setting_that_is_wrong);
    tcase_add_test(tests, frees_no_mailer);
}
CHECK_MAIN("mailer", add_tests)
