/* The ctx: reasons for failure and messages to send. */

#include "common/core/ctx.h"
#include "common/core/outgoing.h"
#include "tests/support/check_main.h"

static struct arena *arena;
static struct ctx ctx;

static void setup(void)
{
    arena = arena_new();
    ctx_init(&ctx, arena, NULL, NULL);
}

static void teardown(void)
{
    arena_free(arena);
}

START_TEST(begins_with_nobody_and_no_problem)
{
    ck_assert_int_eq(ctx.user_id, NOBODY);
    expect_ok(ctx.problem.err);
    ck_assert_ptr_null(ctx.outgoing);
    ck_assert_int_gt(ctx.now_us, 0);
}
END_TEST

START_TEST(keeps_the_reason_of_a_failure)
{
    expect_err(ERR_NOT_FOUND, ctx_fail(&ctx, ERR_NOT_FOUND, "no post %d", 7));

    expect_err(ERR_NOT_FOUND, ctx.problem.err);
    ck_assert_str_eq(ctx.problem.detail, "no post 7");
}
END_TEST

START_TEST(collects_what_is_wrong_with_fields)
{
    expect_err(ERR_INVALID_INPUT, ctx_invalid(&ctx, "title", "is %s", "odd"));
    expect_err(ERR_INVALID_INPUT, ctx_invalid(&ctx, "content", "is 100%% wrong"));

    expect_err(ERR_INVALID_INPUT, ctx.problem.err);
    ck_assert_str_eq(ctx.problem.errors->field, "title");
    ck_assert_str_eq(ctx.problem.errors->message, "is odd");
    ck_assert_str_eq(ctx.problem.errors->next->message, "is 100% wrong");
}
END_TEST

START_TEST(says_its_reasons_in_the_language_of_the_caller)
{
    ctx.problem.language = LANGUAGE_DE;

    expect_err(ERR_ACCESS_DENIED, ctx_require_user(&ctx));
    expect_err(ERR_INVALID_INPUT, ctx_invalid(&ctx, "body", "must be at most %d bytes", 7));

    ck_assert_str_eq(ctx.problem.detail, "Sie müssen angemeldet sein");
    ck_assert_str_eq(ctx.problem.errors->message, "darf höchstens 7 Byte groß sein");
}
END_TEST

START_TEST(requires_a_user)
{
    expect_err(ERR_ACCESS_DENIED, ctx_require_user(&ctx));

    ctx.user_id = 1;

    expect_ok(ctx_require_user(&ctx));
}
END_TEST

START_TEST(requires_a_member_of_the_staff)
{
    expect_err(ERR_ACCESS_DENIED, ctx_require_staff(&ctx));
    ck_assert_str_eq(ctx.problem.detail, "You have to be logged in");

    ctx.user_id = 1;
    expect_err(ERR_ACCESS_DENIED, ctx_require_staff(&ctx));
    ck_assert_str_eq(ctx.problem.detail, "Only members of the staff may do this");

    ctx.is_staff = true;
    expect_ok(ctx_require_staff(&ctx));
}
END_TEST

START_TEST(lists_outgoing_messages_in_order_with_ids_of_their_own)
{
    const struct outgoing *first = outgoing_add(&ctx, NULL);
    const struct outgoing *second = outgoing_add(&ctx, NULL);

    ck_assert_ptr_eq(ctx.outgoing, first);
    ck_assert_ptr_eq(first->next, second);
    ck_assert_ptr_null(second->next);
    ck_assert_str_ne(first->message_id, second->message_id);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, begins_with_nobody_and_no_problem);
    tcase_add_test(tests, keeps_the_reason_of_a_failure);
    tcase_add_test(tests, collects_what_is_wrong_with_fields);
    tcase_add_test(tests, says_its_reasons_in_the_language_of_the_caller);
    tcase_add_test(tests, requires_a_user);
    tcase_add_test(tests, requires_a_member_of_the_staff);
    tcase_add_test(tests, lists_outgoing_messages_in_order_with_ids_of_their_own);
}
CHECK_MAIN("core.ctx", add_tests)
