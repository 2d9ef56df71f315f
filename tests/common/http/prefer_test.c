/* common/http/prefer.h */

#include "common/http/prefer.h"

#include <stddef.h>

#include "tests/support/check_main.h"

START_TEST(finds_a_preference_in_a_list)
{
    static const char *const headers[] = {
        "token",
        "Token",
        " token ",
        "respond-async, token",
        "token, respond-async",
        "wait=10;x=\"a, b\" ,token=1; y",
        "x=\"\\\"token, \", token",
        ",,token",
    };

    ck_assert(prefer_has(headers[_i], "token"));
}
END_TEST

START_TEST(finds_none_where_there_is_none)
{
    static const char *const headers[] = {
        NULL,          "", "tokens", "x=token", "x; token", "\"token\"", "x=\"a, token, b\"",
        "x=\"a, token"};

    ck_assert(!prefer_has(headers[_i], "token"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, finds_a_preference_in_a_list, 0, 8);
    tcase_add_loop_test(tests, finds_none_where_there_is_none, 0, 8);
}
CHECK_MAIN("http prefer", add_tests)
