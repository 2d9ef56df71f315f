/* Name patterns. */

#include "common/core/glob.h"
#include "tests/support/check_main.h"

START_TEST(matches_names_and_globs)
{
    ck_assert(glob_list_matches("*", "users.login"));
    ck_assert(glob_list_matches("users.login", "users.login"));
    ck_assert(glob_list_matches("users.*", "users.login"));
    ck_assert(glob_list_matches("posts.*, users.login", "users.login"));
    ck_assert(glob_list_matches("*.login", "users.login"));
}
END_TEST

START_TEST(matches_nothing_else)
{
    ck_assert(!glob_list_matches("", "users.login"));
    ck_assert(!glob_list_matches(",, ,", "users.login"));
    ck_assert(!glob_list_matches("users.log", "users.login"));
    ck_assert(!glob_list_matches("posts.*,users.me", "users.login"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, matches_names_and_globs);
    tcase_add_test(tests, matches_nothing_else);
}
CHECK_MAIN("core.glob", add_tests)
