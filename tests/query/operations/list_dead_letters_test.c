/* operations.list_dead_letters: what failed for good, by page and by kind. */

#include "contracts/operations_list_dead_letters.h"
#include "tests/query/world.h"

static struct operations_list_dead_letters_query query;
static struct operations_list_dead_letters_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    query = (struct operations_list_dead_letters_query){.has_limit = true, .limit = 20};
}

static int64_t add_letter(const char *message, const char *code)
{
    return fake_letter_reader_add(&world.letters, message, code)->id;
}

static enum err handle(void)
{
    return operations_list_dead_letters_handle(&world.ctx, &query, &result);
}

START_TEST(shows_the_latest_first)
{
    int64_t older = add_letter("posts.create", "internal");
    int64_t newer = add_letter("posts.delete", "not_found");

    expect_ok(handle());

    ck_assert_uint_eq(result.letters_count, 2);
    ck_assert_int_eq(result.letters[0].id, newer);
    ck_assert_int_eq(result.letters[1].id, older);
    ck_assert_ptr_null(result.next_cursor);
}
END_TEST

START_TEST(counts_them_by_kind)
{
    add_letter("posts.create", "internal");
    add_letter("posts.delete", "not_found");
    add_letter("posts.delete", "not_found");

    expect_ok(handle());

    ck_assert_uint_eq(result.groups_count, 2);
    ck_assert_str_eq(result.groups[0].message, "posts.delete");
    ck_assert_str_eq(result.groups[0].code, "not_found");
    ck_assert_int_eq(result.groups[0].count, 2);
    ck_assert_int_eq(result.groups[1].count, 1);
}
END_TEST

START_TEST(shows_those_of_one_message)
{
    int64_t wanted = add_letter("posts.create", "internal");
    add_letter("posts.delete", "not_found");
    query.message = "posts.create";

    expect_ok(handle());

    ck_assert_uint_eq(result.letters_count, 1);
    ck_assert_int_eq(result.letters[0].id, wanted);
    ck_assert_uint_eq(result.groups_count, 1);
}
END_TEST

START_TEST(shows_them_by_pages)
{
    int64_t oldest = add_letter("posts.create", "internal");
    add_letter("posts.create", "internal");
    query.limit = 1;
    expect_ok(handle());
    ck_assert_uint_eq(result.letters_count, 1);
    query.cursor = result.next_cursor;

    expect_ok(handle());

    ck_assert_uint_eq(result.letters_count, 1);
    ck_assert_int_eq(result.letters[0].id, oldest);
    ck_assert_ptr_null(result.next_cursor);
}
END_TEST

START_TEST(shows_what_was_done_with_letters)
{
    fake_letter_reader_note(&world.letters, &(struct letter_action){.actor = "ann@example.org",
                                                                    .action = "retry",
                                                                    .message = "posts.create",
                                                                    .detail = "internal"});

    expect_ok(handle());

    ck_assert_uint_eq(result.actions_count, 1);
    ck_assert_str_eq(result.actions[0].actor, "ann@example.org");
}
END_TEST

START_TEST(refuses_who_is_not_staff)
{
    world.ctx.is_staff = false;

    expect_err(ERR_ACCESS_DENIED, handle());
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;
    world.ctx.is_staff = false;

    expect_err(ERR_ACCESS_DENIED, handle());
}
END_TEST

static void note(const char *detail)
{
    fake_letter_reader_note(
        &world.letters,
        &(struct letter_action){.action = "retry", .message = "posts.create", .detail = detail});
}

START_TEST(says_what_was_done_in_the_callers_language)
{
    world.ctx.problem.language = LANGUAGE_DE;
    note("sent again after: it died");
    note("sent again, with secrets given anew, after: it died");
    note("it died");

    expect_ok(handle());

    ck_assert_str_eq(result.actions[0].detail, "it died");
    ck_assert_str_eq(result.actions[1].detail,
                     "mit neu angegebenen Geheimnissen erneut gesendet nach: it died");
    ck_assert_str_eq(result.actions[2].detail, "erneut gesendet nach: it died");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, shows_the_latest_first);
    tcase_add_test(tests, counts_them_by_kind);
    tcase_add_test(tests, shows_those_of_one_message);
    tcase_add_test(tests, shows_them_by_pages);
    tcase_add_test(tests, shows_what_was_done_with_letters);
    tcase_add_test(tests, refuses_who_is_not_staff);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, says_what_was_done_in_the_callers_language);
}
CHECK_MAIN("operations.list_dead_letters", add_tests)
