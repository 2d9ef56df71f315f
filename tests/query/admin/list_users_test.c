/* admin.list_users: the staff sees the users. */

#include "contracts/admin_list_users.h"
#include "tests/query/world.h"

static struct admin_list_users_query query;
static struct admin_list_users_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    query = (struct admin_list_users_query){.has_limit = true, .limit = 20};
}

static enum err handle(void)
{
    return admin_list_users_handle(&world.ctx, &query, &result);
}

START_TEST(lists_users_active_or_not)
{
    fake_user_reader_get(&world.users, ANN)->last_login = 1;
    fake_user_reader_get(&world.users, BOB)->is_active = false;

    expect_ok(handle());

    ck_assert_uint_eq(result.users_count, 2);
    ck_assert_int_eq(result.users[0].id, ANN); /* the newest login first */
    ck_assert_str_eq(result.users[0].email, "ann@example.org");
    ck_assert(!result.users[1].is_active);
    ck_assert_ptr_null(result.next_cursor);
}
END_TEST

START_TEST(chooses_by_part_of_the_address)
{
    query.search = "BOB";

    expect_ok(handle());

    ck_assert_uint_eq(result.users_count, 1);
    ck_assert_int_eq(result.users[0].id, BOB);
}
END_TEST

START_TEST(chooses_by_activity)
{
    fake_user_reader_get(&world.users, BOB)->is_active = false;
    query.has_is_active = true;

    expect_ok(handle());

    ck_assert_uint_eq(result.users_count, 1);
    ck_assert_int_eq(result.users[0].id, BOB);
}
END_TEST

START_TEST(chooses_the_staff)
{
    fake_user_reader_get(&world.users, BOB)->is_staff = true;
    query.has_is_staff = query.is_staff = true;

    expect_ok(handle());

    ck_assert_uint_eq(result.users_count, 1);
    ck_assert_int_eq(result.users[0].id, BOB);
}
END_TEST

START_TEST(goes_on_where_the_page_before_ended)
{
    query.limit = 1;

    expect_ok(handle());
    ck_assert_int_eq(result.users[0].id, BOB);
    query.cursor = result.next_cursor;
    ck_assert_ptr_nonnull(query.cursor);
    expect_ok(handle());

    ck_assert_uint_eq(result.users_count, 1);
    ck_assert_int_eq(result.users[0].id, ANN);
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
    world.users.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, handle());
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, lists_users_active_or_not);
    tcase_add_test(tests, chooses_by_part_of_the_address);
    tcase_add_test(tests, chooses_by_activity);
    tcase_add_test(tests, chooses_the_staff);
    tcase_add_test(tests, goes_on_where_the_page_before_ended);
    tcase_add_test(tests, refuses_a_cursor_that_is_none);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("admin.list_users", add_tests)
