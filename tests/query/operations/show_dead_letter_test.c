/* operations.show_dead_letter: all that is kept of one. */

#include "contracts/operations_show_dead_letter.h"
#include "tests/query/world.h"

static struct operations_show_dead_letter_query query;
static struct operations_show_dead_letter_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    query.letter_id = fake_letter_reader_add(&world.letters, "posts.create", "internal")->id;
}

static enum err handle(void)
{
    return operations_show_dead_letter_handle(&world.ctx, &query, &result);
}

START_TEST(shows_the_letter)
{
    expect_ok(handle());

    ck_assert_int_eq(result.letter.id, query.letter_id);
    ck_assert_str_eq(result.letter.message, "posts.create");
    ck_assert_str_eq(result.letter.code, "internal");
}
END_TEST

START_TEST(finds_no_other)
{
    query.letter_id++;

    expect_err(ERR_NOT_FOUND, handle());
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

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, shows_the_letter);
    tcase_add_test(tests, finds_no_other);
    tcase_add_test(tests, refuses_who_is_not_staff);
    tcase_add_test(tests, refuses_an_anonymous_caller);
}
CHECK_MAIN("operations.show_dead_letter", add_tests)
