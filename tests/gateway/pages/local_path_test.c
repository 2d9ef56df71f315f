/* services/gateway/pages/local_path.h */

#include "services/gateway/pages/local_path.h"

#include <string.h>

#include "tests/support/check_main.h"

static const char *const local[] = {
    "/", "/posts/7/", "/login/?next=//evil.example/", "/a//b", "/%2Fevil.example", "/a#b", "/.//a",
};
static const char *const foreign[] = {
    "",
    "a",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/a\\b",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " /a",
    "/a b",
    "/a\r\nSet-Cookie: b",
    "/\x7f",
    "/\xC3\xA9",
    "http://evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
};

START_TEST(knows_a_path_of_ours)
{
    ck_assert_msg(local_path_is(local[_i]), "%s", local[_i]);
}
END_TEST

START_TEST(knows_what_leads_away)
{
    ck_assert_msg(!local_path_is(foreign[_i]), "%s", foreign[_i]);
}
END_TEST

START_TEST(takes_no_path_without_end)
{
    static char path[3000];
    memset(path, 'a', sizeof(path) - 1);
    path[0] = '/';

    ck_assert(!local_path_is(path));
    ck_assert(!local_path_is(NULL));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, knows_a_path_of_ours, 0, ARRAY_COUNT(local));
    tcase_add_loop_test(tests, knows_what_leads_away, 0, ARRAY_COUNT(foreign));
    tcase_add_test(tests, takes_no_path_without_end);
}
CHECK_MAIN("gateway pages local path", add_tests)
