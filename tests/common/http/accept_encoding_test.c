/* common/http/accept_encoding.h */

#include "common/http/accept_encoding.h"

#include <stddef.h>

#include "tests/support/check_main.h"

static const char *const taking[] = {
    "gzip",
    "GZip",
    "deflate, gzip, br",
    " gzip ;q=0.5",
    "gzip;q=0.001",
    "gzip; Q=1, *;q=0",
    "*",
    "br;q=1.0, *;q=0.1",
    "identity,gzip",
    ",,gzip",
};

static const char *const refusing[] = {
    NULL,          "",          "br",    "gzip;q=0",       "gzip;q=0.000",    "gzip ; q=0.",
    "*, gzip;q=0", "*;q=0, br", "xgzip", "gzip-x, x-gzip", "identity;x=gzip",
};

START_TEST(finds_a_coding_that_is_taken)
{
    ck_assert(accept_encoding_has(taking[_i], "gzip"));
}
END_TEST

START_TEST(finds_none_that_is_refused_or_not_there)
{
    ck_assert(!accept_encoding_has(refusing[_i], "gzip"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, finds_a_coding_that_is_taken, 0, ARRAY_COUNT(taking));
    tcase_add_loop_test(tests, finds_none_that_is_refused_or_not_there, 0, ARRAY_COUNT(refusing));
}
CHECK_MAIN("http accept_encoding", add_tests)
