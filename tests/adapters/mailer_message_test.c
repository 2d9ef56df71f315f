/* mail_message: an e-mail as the network has it, whatever goes in. */

#include <sodium.h>
#include <stdbool.h>
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

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

static void unquote(const char *body, char *ret)
{
    for (; *body != '\0'; body++) {
        if (*body != '=') {
            *ret++ = *body;
            continue;
        }
        bool is_soft_end = strncmp(body + 1, "\r\n", 2) == 0;
        if (!is_soft_end) {
            *ret++ = (char)(16 * hex_digit(body[1]) + hex_digit(body[2]));
        }
        body += 2;
    }
    *ret = '\0';
}

/* What follows the empty line, decoded; for a mail of one part, or one part of a mail. */
static char *text_of(const char *message)
{
    const char *body = strstr(message, "\r\n\r\n") + 4;
    char *text = arena_alloc(arena, strlen(body) + 1);
    if (strstr(message, "Content-Transfer-Encoding: quoted-printable\r\n") != NULL) {
        unquote(body, text);
    } else if (strstr(message, "Content-Transfer-Encoding: base64\r\n") != NULL) {
        size_t size = 0;
        ck_assert_int_eq(sodium_base642bin((unsigned char *)text, strlen(body), body, strlen(body),
                                           "\r\n", &size, NULL, sodium_base64_VARIANT_ORIGINAL),
                         0);
    } else {
        strcpy(text, body);
    }
    return text;
}

static const char *encoding_of(const char *message)
{
    static const char *const encodings[] = {"7bit", "quoted-printable", "base64"};
    for (size_t i = 0; i < ARRAY_COUNT(encodings); i++) {
        const char *header = arena_printf(arena, "Content-Transfer-Encoding: %s\r\n", encodings[i]);
        if (strstr(message, header) != NULL) {
            return encodings[i];
        }
    }
    return "none";
}

/* The parts of a mail that has some, without what stands around them. */
static size_t parts_of(const char *message, char *ret[4])
{
    const char *between = "\r\n--=_" MESSAGE_ID;
    size_t count = 0;
    const char *part = strstr(message, between);
    while (part != NULL && strncmp(part + strlen(between), "--\r\n", 4) != 0) {
        const char *begin = part + strlen(between) + 2;
        part = strstr(begin, between);
        size_t size = part == NULL ? 0 : (size_t)(part - begin);
        ck_assert_msg(size > 0 && count < 4, "a part has no end");
        ret[count++] = arena_copy(arena, begin, size);
    }
    return count;
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
                                "Auto-Submitted: auto-generated\r\n"
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

static const struct {
    const char *text, *encoding;
} texts[] = {
    {"in plain ASCII\n\tof two lines\n", "7bit"},
    {"1 + 1 = 2\n", "quoted-printable"},
    {"--=_" MESSAGE_ID "--\n", "quoted-printable"}, /* no end of a part */
    {"blanks at the end \nand\t\n", "quoted-printable"},
    {"a CR \r in a line\n", "quoted-printable"},
    {"\x1b[31mred\x7f and thirty more letters, so that it is mostly ASCII\n", "quoted-printable"},
    {"Viele Gr\u00fc\u00dfe von Ihrer Poststelle am Bahnhof\n", "quoted-printable"},
    {"\u041a\u0438\u0457\u0432\n", "base64"},
    {"\xff\xfe\n", "base64"}, /* whatever it is, it arrives */
    {".\n..\nFrom me\n", "7bit"},
};

START_TEST(arrives_as_it_was_written)
{
    mail.text = texts[_i].text;

    char *message = written();

    ck_assert_str_eq(encoding_of(message), texts[_i].encoding);
    char *arrived = text_of(message);
    struct buffer expected;
    buffer_init(&expected, arena);
    for (const char *c = mail.text; *c != '\0'; c++) {
        buffer_append_text(&expected, *c == '\n' ? "\r\n" : "");
        buffer_append(&expected, c, *c == '\n' ? 0 : 1);
    }
    ck_assert_str_eq(arrived, expected.data);
    expect_lines_of_at_most(78, message);
}
END_TEST

START_TEST(breaks_quoted_lines_anywhere)
{
    /* Each length of a line once, so that each place is the last one before a soft break. */
    struct buffer text;
    buffer_init(&text, arena);
    for (size_t i = 0; i < 240; i++) {
        for (size_t j = 0; j < i; j++) {
            buffer_append_char(&text, j % 7 == 0 ? '=' : j % 11 == 0 ? ' ' : 'x');
        }
        buffer_append_text(&text, "\r\n");
    }
    mail.text = text.data;

    char *message = written();

    ck_assert_str_eq(text_of(message), text.data);
    ck_assert_str_eq(encoding_of(message), "quoted-printable");
    expect_lines_of_at_most(76, strstr(message, "\r\n\r\n") + 4);
}
END_TEST

START_TEST(has_a_page_beside_the_text)
{
    mail.html = "<p>You have successfully <b>registered</b></p>\n";

    char *message = written();

    char *parts[4];
    ck_assert_ptr_nonnull(strstr(message, "Content-Type: multipart/alternative;\r\n"
                                          " boundary=\"=_" MESSAGE_ID "\"\r\n\r\n"));
    ck_assert_uint_eq(parts_of(message, parts), 2);
    ck_assert_str_eq(parts[0], "Content-Type: text/plain; charset=utf-8\r\n"
                               "Content-Transfer-Encoding: 7bit\r\n\r\n"
                               "You have successfully registered\r\n");
    ck_assert_str_eq(parts[1], "Content-Type: text/html; charset=utf-8\r\n"
                               "Content-Transfer-Encoding: 7bit\r\n\r\n"
                               "<p>You have successfully <b>registered</b></p>\r\n");
}
END_TEST

START_TEST(names_its_language)
{
    mail.language = "de";

    ck_assert_ptr_nonnull(strstr(written(), "\r\nContent-Language: de\r\n"));
}
END_TEST

START_TEST(names_no_language_that_is_none)
{
    static const char *const tags[] = {NULL, "", "de\r\nBcc: eve@example.org", "d e",
                                       "a-tag-that-is-longer-than-any-that-there-is"};
    mail.language = tags[_i];

    char *message = written();

    ck_assert_ptr_null(strstr(message, "Content-Language"));
    ck_assert_ptr_null(strstr(message, "Bcc"));
}
END_TEST

START_TEST(no_text_begins_a_part_of_its_own)
{
    mail.text = "Hello\n--=_" MESSAGE_ID "\nContent-Type: text/html\n\n<b>eve</b>\n";
    mail.html = "\r\n--=_" MESSAGE_ID "--\r\n\r\nContent-Type: text/plain\n\neve\n";

    char *message = written();

    char *parts[4];
    ck_assert_uint_eq(parts_of(message, parts), 2);
    ck_assert_ptr_nonnull(strstr(text_of(parts[0]), "<b>eve</b>"));
    ck_assert_ptr_nonnull(strstr(text_of(parts[1]), "eve"));
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
    tcase_add_loop_test(tests, arrives_as_it_was_written, 0, ARRAY_COUNT(texts));
    tcase_add_test(tests, breaks_quoted_lines_anywhere);
    tcase_add_test(tests, has_a_page_beside_the_text);
    tcase_add_test(tests, names_its_language);
    tcase_add_loop_test(tests, names_no_language_that_is_none, 0, 5);
    tcase_add_test(tests, no_text_begins_a_part_of_its_own);
    tcase_add_test(tests, encodes_a_subject_that_is_not_ascii);
    tcase_add_test(tests, cuts_a_long_subject_between_characters);
    tcase_add_test(tests, encodes_a_long_subject);
    tcase_add_test(tests, adds_no_header_for_a_line_end_in_the_subject);
    tcase_add_test(tests, does_not_take_a_subject_for_an_encoded_one);
    tcase_add_loop_test(tests, refuses_an_identity_that_is_none, 0, 4);
}
CHECK_MAIN("mail_message", add_tests)
