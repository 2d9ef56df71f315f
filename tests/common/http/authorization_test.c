/* common/http/authorization.h */

#include "common/http/authorization.h"

#include <string.h>

#include "tests/support/check_main.h"

static const char *token;
static size_t size;

static void setup(void)
{
    token = NULL;
    size = 0;
}

START_TEST(finds_no_token_without_a_header)
{
    ck_assert_int_eq(authorization_parse(NULL, &token, &size), AUTHORIZATION_ABSENT);
}
END_TEST

START_TEST(finds_a_bearer_token_whatever_the_case_of_the_scheme)
{
    static const char *const headers[] = {
        "Bearer abc-_.~+/=", "bearer abc-_.~+/=", "BEARER   abc-_.~+/=  "};

    ck_assert_int_eq(authorization_parse(headers[_i], &token, &size), AUTHORIZATION_BEARER);

    ck_assert_uint_eq(size, strlen("abc-_.~+/="));
    ck_assert_int_eq(memcmp(token, "abc-_.~+/=", size), 0);
}
END_TEST

START_TEST(takes_anything_else_for_no_bearer)
{
    static const char *const headers[] = {
        "",           "Bearer",      "Bearer ",    "Basic YTpi", "Bearerab",
        "Bearer a b", "Bearer a\"b", "Bearer a,b", "Bearer\tab", "Bearer \xc3\xa4"};

    ck_assert_int_eq(authorization_parse(headers[_i], &token, &size), AUTHORIZATION_OTHER);

    ck_assert_uint_eq(size, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, finds_no_token_without_a_header);
    tcase_add_loop_test(tests, finds_a_bearer_token_whatever_the_case_of_the_scheme, 0, 3);
    tcase_add_loop_test(tests, takes_anything_else_for_no_bearer, 0, 10);
}
CHECK_MAIN("http authorization", add_tests)
