/* users.set_language: a user chooses the language of e-mails. */

#include "contracts/users_set_language.h"
#include "tests/command/world.h"

static const struct users_set_language_command command = {.language = "de"};
static struct users_set_language_result result;

static enum err handle(void)
{
    return users_set_language_handle(&world.ctx, &command, &result);
}

START_TEST(keeps_the_language_of_the_caller)
{
    expect_ok(handle());

    ck_assert_str_eq(fake_user_store_get(&world.users, ANN)->language, "de");
    ck_assert_str_eq(fake_user_store_get(&world.users, BOB)->language, "");
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;

    expect_err(ERR_ACCESS_DENIED, handle());
}
END_TEST

START_TEST(refuses_who_was_deleted_a_moment_ago)
{
    world.ctx.user_id = 404;

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
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, keeps_the_language_of_the_caller);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, refuses_who_was_deleted_a_moment_ago);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("users.set_language", add_tests)
