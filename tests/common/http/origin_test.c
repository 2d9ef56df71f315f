/* common/http/origin.h */

#include "common/http/origin.h"

#include <string.h>

#include "tests/support/check_main.h"

static struct origin origin;

START_TEST(reads_host_and_port)
{
    static const struct {
        const char *text;
        const char *host;
        unsigned port;
    } cases[] = {
        {"http://example.org", "example.org", 80},
        {"https://example.org", "example.org", 443},
        {"HTTPS://example.org:8443", "example.org", 8443},
        {"http://localhost:8000/path", "localhost", 8000},
        {"http://[::1]:8000", "[::1]", 8000},
        {"http://127.0.0.1:", "127.0.0.1", 80},
    };

    ck_assert(origin_parse(cases[_i].text, &origin));

    ck_assert_uint_eq(origin.host_size, strlen(cases[_i].host));
    ck_assert_int_eq(memcmp(origin.host, cases[_i].host, origin.host_size), 0);
    ck_assert_uint_eq(origin.port, cases[_i].port);
}
END_TEST

START_TEST(refuses_what_is_no_web_origin)
{
    static const char *const texts[] = {
        "",
        "null",
        "example.org",
        "ftp://example.org",
        "http://",
        "http://:80",
        "http://a b",
        "http://user@example.org",
        "http://a:99999",
        "http://a:1x",
        "chrome-extension://abc",
        "http://[]:80",
        "http://[::1",
        "http://a http://b",
    };

    ck_assert(!origin_parse(texts[_i], &origin));
}
END_TEST

START_TEST(matches_the_host_it_names)
{
    static const struct {
        const char *origin;
        const char *host;
    } cases[] = {
        {"http://localhost:8000", "localhost:8000"}, {"http://Example.org", "example.ORG"},
        {"http://example.org", "example.org:80"},    {"https://example.org", "example.org"},
        {"https://example.org:443", "example.org"},  {"http://[::1]:8000", "[::1]:8000"},
    };
    ck_assert(origin_parse(cases[_i].origin, &origin));

    ck_assert(origin_matches_host(&origin, cases[_i].host));
}
END_TEST

START_TEST(matches_no_other_host)
{
    static const struct {
        const char *origin;
        const char *host;
    } cases[] = {
        {"http://localhost:8000", "localhost"},
        {"http://localhost", "localhost:8000"},
        {"http://evil.org", "example.org"},
        {"http://example.org.evil.org", "example.org"},
        {"https://example.org", "example.org:80"},
        {"http://example.org", NULL},
        {"http://example.org", ""},
        {"http://example.org", "example.org, evil.org"},
        {"http://exampl", "example"},
    };
    ck_assert(origin_parse(cases[_i].origin, &origin));

    ck_assert(!origin_matches_host(&origin, cases[_i].host));
}
END_TEST

START_TEST(equals_the_same_host_and_port_only)
{
    struct origin other;
    ck_assert(origin_parse("http://example.org:443", &origin));

    ck_assert(origin_parse("https://EXAMPLE.org/", &other));
    ck_assert(origin_equals(&origin, &other));
    ck_assert(origin_parse("http://example.org", &other));
    ck_assert(!origin_equals(&origin, &other));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, reads_host_and_port, 0, 6);
    tcase_add_loop_test(tests, refuses_what_is_no_web_origin, 0, 14);
    tcase_add_loop_test(tests, matches_the_host_it_names, 0, 6);
    tcase_add_loop_test(tests, matches_no_other_host, 0, 9);
    tcase_add_test(tests, equals_the_same_host_and_port_only);
}
CHECK_MAIN("http origin", add_tests)
