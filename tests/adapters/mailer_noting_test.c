/* How mails went, as those who watch are told. */

#include "services/command/adapters/noting_mailer.h"

#include "tests/support/check_main.h"

static enum err outcome;
static struct metrics *metrics;
static struct noting_mailer noting;

static enum err do_send(struct mailer *self, struct ctx *ctx, const struct mail *mail)
{
    (void)self;
    (void)ctx;
    (void)mail;
    return outcome;
}

static const struct mailer_ops ops = {.send = do_send};
static struct mailer inner = {.ops = &ops};

static void setup(void)
{
    metrics = metrics_new(NULL, 0);
    noting_mailer_init(&noting, &inner, metrics);
}

static void teardown(void)
{
    metrics_free(metrics);
}

static void expect_noted(enum err err, enum part_condition expected)
{
    const struct mail mail = {.to = "a@example.com"};
    outcome = err;

    expect_err(err, mailer_send(&noting.base, NULL, &mail));

    ck_assert_int_eq(atomic_load(&metrics->parts[PART_MAIL]), expected);
    ck_assert_int_gt(atomic_load(&metrics->mail_at_us), 0);
}

START_TEST(notes_a_mail_that_was_sent)
{
    expect_noted(OK, PART_UP);
}
END_TEST

START_TEST(notes_a_server_that_is_not_there)
{
    expect_noted(ERR_UNAVAILABLE, PART_DOWN);
}
END_TEST

START_TEST(takes_a_refusal_for_an_answer)
{
    expect_noted(ERR_INTERNAL, PART_UP);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, notes_a_mail_that_was_sent);
    tcase_add_test(tests, notes_a_server_that_is_not_there);
    tcase_add_test(tests, takes_a_refusal_for_an_answer);
}
CHECK_MAIN("mailer_noting", add_tests)
