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

START_TEST(reads_seconds)
{
    static const struct {
        const char *header;
        int64_t seconds;
    } cases[] = {
        {"wait=5", 5},
        {"Wait = 05 ", 5},
        {"wait=\"5\"", 5},
        {"wait=0", 0},
        {"respond-async, wait=7; x=1", 7},
        {"wait=1, wait=2", 1},
        {"wait, wait=x, wait=3", 3},
        {"wait=99999999999999999999999999", PREFER_SECONDS_MAX},
    };
    int64_t seconds = -1;

    ck_assert(prefer_seconds(cases[_i].header, "wait", &seconds));

    ck_assert_int_eq(seconds, cases[_i].seconds);
}
END_TEST

START_TEST(reads_no_seconds_where_there_are_none)
{
    static const char *const headers[] = {
        NULL,       "",          "wait",    "wait=",    "wait=-1",      "wait=1.5",  "wait=5s",
        "wait=\"5", "wait=\"\"", "waits=5", "x=wait=5", "x=\"wait=5\"", "x; wait=5", "wait=5 5",
    };
    int64_t seconds = -1;

    ck_assert(!prefer_seconds(headers[_i], "wait", &seconds));

    ck_assert_int_eq(seconds, -1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, finds_a_preference_in_a_list, 0, 8);
    tcase_add_loop_test(tests, finds_none_where_there_is_none, 0, 8);
    tcase_add_loop_test(tests, reads_seconds, 0, 8);
    tcase_add_loop_test(tests, reads_no_seconds_where_there_are_none, 0, 14);
}
CHECK_MAIN("http prefer", add_tests)
