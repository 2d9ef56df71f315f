/* json_find_member. */

#include "tests/common/json/sample.h"

static const char *find(const char *json, const char *name)
{
    struct json_slice slice;
    if (!json_find_member(json, strlen(json), name, &slice)) {
        return "(none)";
    }
    return arena_copy(arena, slice.data, slice.size);
}

START_TEST(finds_a_member_of_any_kind)
{
    const char *json = "{\"a\":1, \"b\" : {\"a\":[2,\"}\"]} ,\"c\":\"x\\\"],\\\\\",\"d\":[ ],"
                       "\"e\":null}";
    ck_assert_str_eq(find(json, "a"), "1");
    ck_assert_str_eq(find(json, "b"), "{\"a\":[2,\"}\"]}");
    ck_assert_str_eq(find(json, "c"), "\"x\\\"],\\\\\"");
    ck_assert_str_eq(find(json, "d"), "[ ]");
    ck_assert_str_eq(find(json, "e"), "null");
}
END_TEST

START_TEST(finds_nothing_that_is_not_a_member_of_the_whole)
{
    ck_assert_str_eq(find("{\"a\":{\"b\":1}}", "b"), "(none)");
    ck_assert_str_eq(find("{\"a\":\"b\"}", "b"), "(none)");
    ck_assert_str_eq(find("{}", "a"), "(none)");
    ck_assert_str_eq(find("[1]", "a"), "(none)");
    ck_assert_str_eq(find("", "a"), "(none)");
}
END_TEST

START_TEST(stays_within_a_text_that_is_cut_off)
{
    const char *json = "{\"a\":{\"b\":[\"\\\"\"]},\"c\":1}";
    for (size_t size = 0; size < strlen(json); size++) {
        struct json_slice slice;
        /* a copy of just that size, so that a sanitizer sees one step too far */
        char *cut = malloc(size + 1);
        memcpy(cut, json, size);
        ck_assert(!json_find_member(cut, size, "c", &slice));
        free(cut);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, finds_a_member_of_any_kind);
    tcase_add_test(tests, finds_nothing_that_is_not_a_member_of_the_whole);
    tcase_add_test(tests, stays_within_a_text_that_is_cut_off);
}
CHECK_MAIN("json member", add_tests)
