/* mail_message: who an e-mail is for, and nobody else. */

#include <string.h>

#include "common/json/format.h"
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
    mail = (struct mail){.to = "ann@example.org", .subject = "Hello", .text = "World"};
}

static void teardown(void)
{
    arena_free(arena);
}

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

/* As long as the contract takes them, they get their mail. */
START_TEST(takes_every_address_that_a_contract_takes)
{
    static const struct {
        const char *address;
        const char *line;
    } cases[] = {
        {"o'neil_{x}!#$%&*/=^`|~-+.b@x-1.museum",
         "\r\nTo: o'neil_{x}!#$%&*/=^`|~-+.b@x-1.museum\r\n"},
        {"a=?1@x.org", "\r\nTo: <a=?1@x.org>\r\n"},
        {"=?utf-8?q?eve=40example.com=2C?=@example.org",
         "\r\nTo: <=?utf-8?q?eve=40example.com=2C?=@example.org>\r\n"},
    };
    ck_assert(format_is_email(cases[_i].address, strlen(cases[_i].address)));
    mail.to = cases[_i].address;
    struct buffer message;
    buffer_init(&message, arena);

    expect_ok(mail_message_write(&ctx, &mail, FROM, &message));

    ck_assert_ptr_nonnull(strstr(message.data, cases[_i].line));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, refuses_an_address_that_is_none, 0, 11);
    tcase_add_loop_test(tests, takes_every_address_that_a_contract_takes, 0, 3);
}
CHECK_MAIN("mail_address", add_tests)
