/* mail_message: an e-mail as the network has it, whatever goes in. */

#include <sodium.h>
#include <string.h>

#include "services/command/adapters/mail_message.h"
#include "tests/support/check_main.h"

#define FROM "postroom@example.org"
#define MESSAGE_ID "018f3c5e-7b1a-7c00-8000-0123456789ab"

static struct arena *arena;
static struct ctx ctx;
static struct mail mail;

static void setup(void)
{
    arena = arena_new();
    ctx_init(&ctx, arena, NULL, NULL);
    ctx.message_id = MESSAGE_ID;
    ctx.now_us = INT64_C(1704067205123456); /* 2024-01-01 00:00:05 */
    mail = (struct mail){
        .to = "ann@example.org",
        .subject = "Successful registration",
        .text = "You have successfully registered\n",
    };
}

static void teardown(void)
{
    arena_free(arena);
}

static char *written(void)
{
    struct buffer message;
    buffer_init(&message, arena);
    expect_ok(mail_message_write(&ctx, &mail, FROM, &message));
    ck_assert_uint_eq(strlen(message.data), message.size);
    return message.data;
}

/* What follows the empty line, decoded when it is base64. */
static char *text_of(const char *message)
{
    const char *body = strstr(message, "\r\n\r\n") + 4;
    if (strstr(message, "Content-Transfer-Encoding: base64\r\n") == NULL) {
        return arena_strdup(arena, body);
    }
    size_t size = 0;
    char *text = arena_alloc(arena, strlen(body) + 1);
    ck_assert_int_eq(sodium_base642bin((unsigned char *)text, strlen(body), body, strlen(body),
                                       "\r\n", &size, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    return text;
}

static void expect_lines_of_at_most(size_t limit, const char *message)
{
    while (*message != '\0') {
        size_t size = strcspn(message, "\r\n");
        ck_assert_uint_le(size, limit);
        ck_assert_msg(strncmp(message + size, "\r\n", 2) == 0, "a line does not end with CRLF");
        message += size + 2;
    }
}

START_TEST(is_written_in_full)
{
    ck_assert_str_eq(written(), "Date: Mon, 1 Jan 2024 00:00:05 +0000\r\n"
                                "From: postroom@example.org\r\n"
                                "To: ann@example.org\r\n"
                                "Subject: Successful registration\r\n"
                                "Message-ID: <" MESSAGE_ID "@example.org>\r\n"
                                "MIME-Version: 1.0\r\n"
                                "Content-Type: text/plain; charset=utf-8\r\n"
                                "Content-Transfer-Encoding: 7bit\r\n"
                                "\r\n"
                                "You have successfully registered\r\n");
}
END_TEST

START_TEST(ends_with_a_line_end)
{
    mail.text = "no line end";

    ck_assert_str_eq(text_of(written()), "no line end\r\n");
}
END_TEST

START_TEST(may_be_empty)
{
    mail.text = "";

    ck_assert_str_eq(text_of(written()), "");
}
END_TEST

START_TEST(does_not_double_line_ends)
{
    mail.text = "one\r\ntwo\n\nfour\n";

    ck_assert_str_eq(text_of(written()), "one\r\ntwo\r\n\r\nfour\r\n");
}
END_TEST

START_TEST(encodes_a_text_that_is_not_ascii)
{
    mail.text = "Grüße aus Kyjiw: Київ\nund zurück\n";

    char *message = written();

    ck_assert_str_eq(text_of(message), "Grüße aus Kyjiw: Київ\r\nund zurück\r\n");
    expect_lines_of_at_most(78, message);
}
END_TEST

START_TEST(encodes_lines_that_are_too_long)
{
    char text[2000];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    mail.text = text;

    char *message = written();

    ck_assert_uint_eq(strlen(text_of(message)), sizeof(text) - 1 + 2);
    expect_lines_of_at_most(78, message);
}
END_TEST

START_TEST(encodes_a_subject_that_is_not_ascii)
{
    mail.subject = "Grüße";

    ck_assert_ptr_nonnull(strstr(written(), "Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n"));
}
END_TEST

START_TEST(cuts_a_long_subject_between_characters)
{
    mail.subject = "xКиївКиївКиївКиївКиївКиївКиївКиїв"; /* one byte, then two each */

    char *message = written();

    ck_assert_ptr_nonnull(strstr(
        message, "Subject: =?UTF-8?B?eNCa0LjRl9Cy0JrQuNGX0LLQmtC40ZfQstCa0LjRl9Cy0JrQuNGX0LI=?=\r\n"
                 " =?UTF-8?B?0JrQuNGX0LLQmtC40ZfQstCa0LjRl9Cy?=\r\n"));
    expect_lines_of_at_most(78, message);
}
END_TEST

START_TEST(encodes_a_long_subject)
{
    mail.subject = "A subject that is longer than a line of a mail should be, although it is all "
                   "in ASCII and says nothing";

    expect_lines_of_at_most(78, written());
}
END_TEST

START_TEST(adds_no_header_for_a_line_end_in_the_subject)
{
    mail.subject = "Hello\r\nBcc: eve@example.org\r\n\r\nother text";

    char *message = written();

    ck_assert_ptr_null(strstr(message, "Bcc:"));
    ck_assert_str_eq(text_of(message), "You have successfully registered\r\n");
}
END_TEST

START_TEST(does_not_take_a_subject_for_an_encoded_one)
{
    mail.subject = "=?UTF-8?B?QmNj?=";

    ck_assert_ptr_null(strstr(written(), mail.subject));
}
END_TEST

START_TEST(refuses_an_address_that_is_none)
{
    static const char *const addresses[] = {
        "",
        "ann",
        "@example.org",
        "ann@",
        "ann@example.org\r\nBcc: eve@example.org",
        "ann@example.org\n",
        "ann@example.org, eve@example.org",
        "Ann <ann@example.org>",
        "ann@exa mple.org",
        "ann@@example.org",
        "änn@example.org",
    };
    mail.to = addresses[_i];
    struct buffer message;
    buffer_init(&message, arena);

    expect_err(ERR_INTERNAL, mail_message_write(&ctx, &mail, FROM, &message));

    ck_assert_uint_eq(message.size, 0);
}
END_TEST

START_TEST(refuses_an_identity_that_is_none)
{
    static const char *const identities[] = {NULL, "", "../../etc/passwd", "1>\r\nBcc: <2"};
    ctx.message_id = identities[_i];
    struct buffer message;
    buffer_init(&message, arena);

    expect_err(ERR_INTERNAL, mail_message_write(&ctx, &mail, FROM, &message));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, is_written_in_full);
    tcase_add_test(tests, ends_with_a_line_end);
    tcase_add_test(tests, may_be_empty);
    tcase_add_test(tests, does_not_double_line_ends);
    tcase_add_test(tests, encodes_a_text_that_is_not_ascii);
    tcase_add_test(tests, encodes_lines_that_are_too_long);
    tcase_add_test(tests, encodes_a_subject_that_is_not_ascii);
    tcase_add_test(tests, cuts_a_long_subject_between_characters);
    tcase_add_test(tests, encodes_a_long_subject);
    tcase_add_test(tests, adds_no_header_for_a_line_end_in_the_subject);
    tcase_add_test(tests, does_not_take_a_subject_for_an_encoded_one);
    tcase_add_loop_test(tests, refuses_an_address_that_is_none, 0, 11);
    tcase_add_loop_test(tests, refuses_an_identity_that_is_none, 0, 4);
}
CHECK_MAIN("mail_message", add_tests)
