/* admin.list_changes: the staff sees what the staff has changed. */

#include "contracts/admin_list_changes.h"
#include "tests/query/world.h"

static struct admin_list_changes_query query;
static struct admin_list_changes_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    query = (struct admin_list_changes_query){.has_limit = true, .limit = 20};
}

static enum err handle(void)
{
    return admin_list_changes_handle(&world.ctx, &query, &result);
}

START_TEST(lists_changes_newest_first)
{
    int64_t first = fake_change_reader_add(&world.changes, BOB, 1000)->id;
    int64_t second = fake_change_reader_add(&world.changes, BOB, 2000)->id;

    expect_ok(handle());

    ck_assert_uint_eq(result.changes_count, 2);
    ck_assert_int_eq(result.changes[0].id, second);
    ck_assert_int_eq(result.changes[1].id, first);
    ck_assert_ptr_null(result.next_cursor);
}
END_TEST

START_TEST(goes_on_where_the_page_before_ended)
{
    int64_t first = fake_change_reader_add(&world.changes, BOB, 1000)->id;
    fake_change_reader_add(&world.changes, BOB, 2000);
    query.limit = 1;

    expect_ok(handle());
    query.cursor = result.next_cursor;
    ck_assert_ptr_nonnull(query.cursor);
    expect_ok(handle());

    ck_assert_uint_eq(result.changes_count, 1);
    ck_assert_int_eq(result.changes[0].id, first);
    ck_assert_ptr_null(result.next_cursor);
}
END_TEST

START_TEST(refuses_a_cursor_that_is_none)
{
    query.cursor = "nonsense";

    expect_err(ERR_INVALID_INPUT, handle());

    ck_assert_str_eq(world.ctx.problem.errors->field, "cursor");
}
END_TEST

START_TEST(refuses_whoever_is_not_staff)
{
    world.ctx.is_staff = false;
    expect_err(ERR_ACCESS_DENIED, handle());

    world.ctx.user_id = NOBODY;
    expect_err(ERR_ACCESS_DENIED, handle());
}
END_TEST

START_TEST(passes_trouble_on)
{
    world.changes.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, handle());
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, lists_changes_newest_first);
    tcase_add_test(tests, goes_on_where_the_page_before_ended);
    tcase_add_test(tests, refuses_a_cursor_that_is_none);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("admin.list_changes", add_tests)
