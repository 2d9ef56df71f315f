/* admin.find_authors: the staff looks for an author. */

#include "contracts/admin_find_authors.h"
#include "tests/query/world.h"

static struct admin_find_authors_query query;
static struct admin_find_authors_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    query = (struct admin_find_authors_query){.has_limit = true, .limit = 20};
}

static enum err handle(void)
{
    return admin_find_authors_handle(&world.ctx, &query, &result);
}

START_TEST(finds_users_by_part_of_their_address)
{
    query.search = "bob";

    expect_ok(handle());

    ck_assert_uint_eq(result.authors_count, 1);
    ck_assert_int_eq(result.authors[0].id, BOB);
    ck_assert_str_eq(result.authors[0].email, "bob@example.org");
}
END_TEST

START_TEST(finds_no_more_than_are_asked_for)
{
    query.limit = 1;

    expect_ok(handle());

    ck_assert_uint_eq(result.authors_count, 1);
    ck_assert_int_eq(result.authors[0].id, ANN);
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
    tcase_add_test(tests, finds_users_by_part_of_their_address);
    tcase_add_test(tests, finds_no_more_than_are_asked_for);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("admin.find_authors", add_tests)
