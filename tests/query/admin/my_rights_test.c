/* admin.my_rights: what a member of the staff may do beyond what all of the staff may. */

#include "contracts/admin_my_rights.h"
#include "tests/query/world.h"

static const struct admin_my_rights_query query;
static struct admin_my_rights_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
}

START_TEST(tells_a_superuser)
{
    world.ctx.is_superuser = true;

    expect_ok(admin_my_rights_handle(&world.ctx, &query, &result));

    ck_assert(result.is_superuser);
}
END_TEST

START_TEST(tells_who_is_none)
{
    expect_ok(admin_my_rights_handle(&world.ctx, &query, &result));

    ck_assert(!result.is_superuser);
}
END_TEST

START_TEST(refuses_whoever_is_not_staff)
{
    world.ctx.is_staff = false;
    world.ctx.is_superuser = true;

    expect_err(ERR_ACCESS_DENIED, admin_my_rights_handle(&world.ctx, &query, &result));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, tells_a_superuser);
    tcase_add_test(tests, tells_who_is_none);
    tcase_add_test(tests, refuses_whoever_is_not_staff);
}
CHECK_MAIN("admin.my_rights", add_tests)
