/* Rules of the port user_reader. */

#include "contracts/users_me.h"
#include "tests/adapters/message.h"
#include "tests/adapters/query_world.h"
#include "tests/support/check_main.h"

static struct query_world world;
static struct message message;
static struct user user;

static void setup(void)
{
    query_world_open(&world);
    message_open(&message, &users_me_contract);
    world_add_user(7);
}

static void teardown(void)
{
    message_close(&message);
    query_world_close(&world);
}

START_TEST(an_active_user_is_found)
{
    expect_ok(user_reader_find(world.users, &message.ctx, 7, &user));

    ck_assert_int_eq(user.id, 7);
    ck_assert_str_eq(user.email, "author7@example.com");
    ck_assert(!user.is_staff);
}
END_TEST

START_TEST(a_deactivated_user_is_not_found)
{
    world_deactivate(7);

    expect_err(ERR_NOT_FOUND, user_reader_find(world.users, &message.ctx, 7, &user));
}
END_TEST

START_TEST(nobody_is_not_found)
{
    expect_err(ERR_NOT_FOUND, user_reader_find(world.users, &message.ctx, 8, &user));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, query_world_prepare, query_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, an_active_user_is_found);
    tcase_add_test(tests, a_deactivated_user_is_not_found);
    tcase_add_test(tests, nobody_is_not_found);
}
CHECK_MAIN("user_reader", add_tests)
