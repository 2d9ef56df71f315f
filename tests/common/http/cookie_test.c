/* common/http/cookie.h */

#include "common/http/cookie.h"

#include <string.h>

#include "tests/support/check_main.h"

static const char *find(const char *header)
{
    static char copy[64];
    const char *value;
    size_t size;
    if (!cookie_find(header, "session", &value, &size)) {
        return NULL;
    }
    memcpy(copy, value, size);
    copy[size] = '\0';
    return copy;
}

START_TEST(finds_a_cookie_among_others)
{
    static const char *const headers[] = {
        "session=abc",
        "a=b; session=abc",
        "session=abc; a=b",
        "a=b;session=abc;c=d",
        "  session=abc  ;",
        "session=\"abc\"",
        "x; ; =; session=abc",
        "xsession=1; session=abc",
        "session=abc; session=second",
        "sessions=1;session=abc",
    };

    ck_assert_pstr_eq(find(headers[_i]), "abc");
}
END_TEST

START_TEST(finds_an_empty_value)
{
    ck_assert_pstr_eq(find("session="), "");
}
END_TEST

START_TEST(finds_nothing_where_there_is_none)
{
    static const char *const headers[] = {
        "", "session", "Session=abc", "a=session=abc", "__Host-session=abc", "session =abc"};

    ck_assert_ptr_null(find(headers[_i]));
}
END_TEST

START_TEST(finds_nothing_without_a_header)
{
    ck_assert_ptr_null(find(NULL));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, finds_a_cookie_among_others, 0, 10);
    tcase_add_test(tests, finds_an_empty_value);
    tcase_add_loop_test(tests, finds_nothing_where_there_is_none, 0, 6);
    tcase_add_test(tests, finds_nothing_without_a_header);
}
CHECK_MAIN("http cookie", add_tests)
