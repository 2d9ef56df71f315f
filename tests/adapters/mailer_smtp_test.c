/* smtp_mailer: a real conversation with an SMTP server, and what becomes of its answers. */

#include <string.h>

#include "common/core/clock.h"
#include "services/command/adapters/mail_message.h"
#include "services/command/adapters/mailer.h"
#include "tests/adapters/mailer_smtp_server.h"
#include "tests/support/check_main.h"

#define FROM "postroom@example.org"

static const struct mail welcome = {
    .to = "ann@example.org",
    .subject = "Successful registration",
    .text = "You have successfully registered\n",
    .html = "<p>You have successfully registered</p>\n",
};

static struct smtp_server server;
static struct arena *arena;
static struct ctx ctx;

static void setup(void)
{
    arena = arena_new();
    ctx_init(&ctx, arena, NULL, NULL);
    ctx.message_id = "018f3c5e-7b1a-7c00-8000-0123456789ab";
    smtp_server_init(&server);
}

static void teardown(void)
{
    arena_free(arena);
}

static struct mailer *open_mailer(const char *url)
{
    const struct mailer_options options = {.url = url, .from = FROM, .ca_file = ""};
    struct mailer *mailer = NULL;
    expect_ok(mailer_open(&options, &mailer));
    return mailer;
}

/* Send to the server through a mailer opened with this user ("" or "user:password@"), and this
 * end of its URL. */
static enum err send_by(const char *user, const char *end, const struct mail *mail)
{
    smtp_server_start(&server);
    struct mailer *mailer =
        open_mailer(arena_printf(arena, "smtp://%s127.0.0.1:%d%s", user, server.port, end));

    enum err err = mailer_send(mailer, &ctx, mail);

    mailer_free(mailer);
    smtp_server_stop(&server);
    return err;
}

/* In plain text, password and all. */
static enum err send_as(const char *user, const struct mail *mail)
{
    return send_by(user, "?tls=none", mail);
}

static enum err send_mail(const struct mail *mail)
{
    return send_by("", "", mail);
}

static const char *message_of(const struct mail *mail)
{
    struct buffer message;
    buffer_init(&message, arena);
    expect_ok(mail_message_write(&ctx, mail, FROM, &message));
    return message.data;
}

START_TEST(hands_the_message_over_byte_for_byte)
{
    expect_ok(send_mail(&welcome));

    ck_assert_str_eq(server.message, message_of(&welcome));
}
END_TEST

START_TEST(names_sender_and_recipient)
{
    expect_ok(send_mail(&welcome));

    ck_assert_str_eq(server.sender, "MAIL FROM:<" FROM ">");
    ck_assert_str_eq(server.recipient, "RCPT TO:<ann@example.org>");
}
END_TEST

START_TEST(keeps_lines_that_begin_with_a_dot)
{
    struct mail dots = welcome;
    dots.text = ".\n..\n.hidden\nend\n";

    expect_ok(send_mail(&dots));

    ck_assert_str_eq(server.message, message_of(&dots));
}
END_TEST

START_TEST(sends_a_long_text_whole)
{
    static char text[60000];
    for (size_t i = 0; i + 1 < sizeof(text); i++) {
        text[i] = i % 61 == 60 ? '\n' : 'x';
    }
    struct mail longer = welcome;
    longer.text = text;

    expect_ok(send_mail(&longer));

    ck_assert_str_eq(server.message, message_of(&longer));
}
END_TEST

START_TEST(signs_in_with_the_credentials_of_the_url)
{
    expect_ok(send_as("post:p%40ss@", &welcome));

    ck_assert_str_eq(server.credentials, "AHBvc3QAcEBzcw=="); /* \0post\0p@ss */
}
END_TEST

START_TEST(does_not_sign_in_without_credentials)
{
    expect_ok(send_mail(&welcome));

    ck_assert_str_eq(server.credentials, "");
}
END_TEST

START_TEST(keeps_the_password_from_a_server_without_tls)
{
    static const char *const ends[] = {"", "?tls=required"};

    expect_err(ERR_UNAVAILABLE, send_by("post:p%40ss@", ends[_i], &welcome));

    ck_assert_str_eq(server.credentials, "");
    ck_assert_uint_eq(server.message_size, 0);
}
END_TEST

START_TEST(keeps_the_mail_from_a_server_without_tls_when_that_is_required)
{
    expect_err(ERR_UNAVAILABLE, send_by("", "?tls=required", &welcome));

    ck_assert_uint_eq(server.message_size, 0);
}
END_TEST

START_TEST(sends_in_plain_text_when_no_tls_is_offered)
{
    expect_ok(send_by("", "?tls=offered", &welcome));

    ck_assert_str_eq(server.message, message_of(&welcome));
}
END_TEST

START_TEST(keeps_the_password_from_a_server_that_goes_back_on_its_offer)
{
    server.answers.ehlo = "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN";

    expect_err(ERR_UNAVAILABLE, send_by("post:p%40ss@", "", &welcome)); /* it says 221 */

    ck_assert_str_eq(server.credentials, "");
}
END_TEST

START_TEST(is_unavailable_when_the_server_says_later)
{
    const char **answers[] = {&server.answers.greeting, &server.answers.sender,
                              &server.answers.recipient, &server.answers.data,
                              &server.answers.message};
    *answers[_i] = "451 come back later";

    expect_err(ERR_UNAVAILABLE, send_mail(&welcome));
}
END_TEST

START_TEST(fails_for_good_when_the_server_refuses)
{
    const char **answers[] = {&server.answers.greeting, &server.answers.sender,
                              &server.answers.recipient, &server.answers.data,
                              &server.answers.message};
    *answers[_i] = "550 no such user";

    expect_err(ERR_INTERNAL, send_mail(&welcome));
}
END_TEST

START_TEST(fails_for_good_with_wrong_credentials)
{
    server.answers.credentials = "535 wrong";

    expect_err(ERR_INTERNAL, send_as("post:wrong@", &welcome));
}
END_TEST

START_TEST(says_no_more_of_a_failure_than_a_caller_may_know)
{
    server.answers.recipient = "550 secret of the server";

    expect_err(ERR_INTERNAL, send_mail(&welcome));

    ck_assert_str_eq(ctx.problem.detail, "The e-mail could not be sent");
}
END_TEST

START_TEST(is_unavailable_when_nobody_listens)
{
    smtp_server_start(&server);
    smtp_server_stop(&server); /* its port is free again */
    struct mailer *mailer = open_mailer(arena_printf(arena, "smtp://127.0.0.1:%d", server.port));

    expect_err(ERR_UNAVAILABLE, mailer_send(mailer, &ctx, &welcome));

    mailer_free(mailer);
}
END_TEST

START_TEST(does_not_wait_for_ever_for_a_server_that_is_silent)
{
    const char **answers[] = {&server.answers.greeting, &server.answers.message};
    *answers[_i] = NULL;
    int64_t before_ms = clock_monotonic_ms();

    expect_err(ERR_UNAVAILABLE, send_mail(&welcome));

    ck_assert_int_le(clock_monotonic_ms() - before_ms, 12000);
}
END_TEST

START_TEST(does_not_wait_for_ever_to_say_good_bye)
{
    server.answers.quit = NULL;
    int64_t before_ms = clock_monotonic_ms();

    expect_ok(send_mail(&welcome));

    ck_assert_int_le(clock_monotonic_ms() - before_ms, 12000);
}
END_TEST

START_TEST(connects_to_nobody_for_an_address_that_is_none)
{
    struct mail injected = welcome;
    injected.to = "ann@example.org>\r\nRCPT TO:<eve@example.org";

    expect_err(ERR_INTERNAL, send_mail(&injected));

    ck_assert_uint_eq(server.connections, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, hands_the_message_over_byte_for_byte);
    tcase_add_test(tests, names_sender_and_recipient);
    tcase_add_test(tests, keeps_lines_that_begin_with_a_dot);
    tcase_add_test(tests, sends_a_long_text_whole);
    tcase_add_test(tests, signs_in_with_the_credentials_of_the_url);
    tcase_add_test(tests, does_not_sign_in_without_credentials);
    tcase_add_loop_test(tests, keeps_the_password_from_a_server_without_tls, 0, 2);
    tcase_add_test(tests, keeps_the_mail_from_a_server_without_tls_when_that_is_required);
    tcase_add_test(tests, sends_in_plain_text_when_no_tls_is_offered);
    tcase_add_test(tests, keeps_the_password_from_a_server_that_goes_back_on_its_offer);
    tcase_add_loop_test(tests, is_unavailable_when_the_server_says_later, 0, 5);
    tcase_add_loop_test(tests, fails_for_good_when_the_server_refuses, 0, 5);
    tcase_add_test(tests, fails_for_good_with_wrong_credentials);
    tcase_add_test(tests, says_no_more_of_a_failure_than_a_caller_may_know);
    tcase_add_test(tests, is_unavailable_when_nobody_listens);
    tcase_add_loop_test(tests, does_not_wait_for_ever_for_a_server_that_is_silent, 0, 2);
    tcase_add_test(tests, does_not_wait_for_ever_to_say_good_bye);
    tcase_add_test(tests, connects_to_nobody_for_an_address_that_is_none);
}
CHECK_MAIN("smtp_mailer", add_tests)
