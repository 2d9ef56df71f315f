/* common/http/media_type.h */

#include "common/http/media_type.h"

#include <stddef.h>

#include "tests/support/check_main.h"

static const struct {
    const char *content_type;
    enum media_type expected;
} cases[] = {
    {NULL, MEDIA_NONE},
    {"", MEDIA_NONE},
    {"  ", MEDIA_NONE},
    {"application/json", MEDIA_JSON},
    {"Application/JSON", MEDIA_JSON},
    {" application/json ", MEDIA_JSON},
    {"application/json;charset=utf-8", MEDIA_JSON},
    {"application/json ; charset=\"UTF-8\" ; version=1", MEDIA_JSON},
    {"application/json;", MEDIA_JSON},
    {"application/json; charset=\"utf-8\"; x=\"a;\\\"b\"", MEDIA_JSON},
    {"application/x-www-form-urlencoded", MEDIA_FORM},
    {"application/x-www-form-urlencoded; charset=UTF-8", MEDIA_FORM},
    {"application/json; charset=latin1", MEDIA_OTHER},
    {"application/json; charset=utf-8; charset=utf-16", MEDIA_OTHER},
    {"application/json; charset", MEDIA_OTHER},
    {"application/json; charset=", MEDIA_OTHER},
    {"application/json; charset=\"utf-8", MEDIA_OTHER},
    {"application/json charset=utf-8", MEDIA_OTHER},
    {"application/jsonx", MEDIA_OTHER},
    {"application/json, text/plain", MEDIA_OTHER},
    {"application/problem+json", MEDIA_OTHER},
    {"text/plain", MEDIA_OTHER},
    {"multipart/form-data; boundary=x", MEDIA_OTHER},
    {"application", MEDIA_OTHER},
};

START_TEST(tells_media_types_apart)
{
    ck_assert_int_eq(media_type_parse(cases[_i].content_type), cases[_i].expected);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, tells_media_types_apart, 0, sizeof(cases) / sizeof(cases[0]));
}
CHECK_MAIN("http media type", add_tests)
