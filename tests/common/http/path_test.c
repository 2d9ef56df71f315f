/* common/http/path.h */

#include "common/http/path.h"

#include <string.h>

#include "tests/support/check_main.h"

static struct arena *arena;
static struct path path;
static struct path_values values;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

static bool matches(const char *text, const char *pattern)
{
    return path_split(text, arena, &path) && path_matches(&path, pattern, &values);
}

START_TEST(matches_a_path_without_values)
{
    ck_assert(matches("/api/posts", "/api/posts"));

    ck_assert_uint_eq(values.count, 0);
}
END_TEST

START_TEST(takes_values_from_their_segments)
{
    ck_assert(matches("/a/1/b/x%2Fy", "/a/{first}/b/{second}"));

    ck_assert_uint_eq(values.count, 2);
    ck_assert_uint_eq(values.values[0].name_size, strlen("first"));
    ck_assert_int_eq(memcmp(values.values[0].name, "first", 5), 0);
    ck_assert_str_eq(values.values[0].segment.text, "1");
    ck_assert_str_eq(values.values[1].segment.text, "x/y");
}
END_TEST

START_TEST(compares_what_the_encoding_means)
{
    ck_assert(matches("/%61pi/posts", "/api/posts"));
}
END_TEST

START_TEST(matches_no_other_path)
{
    static const char *const paths[] = {
        "/",           "/api",          "/api/posts/7/",  "/api/posts",
        "/api/posts/", "//api/posts/7", "/api/posts/7/8", "/API/posts/7",
        "/api/post/7", "/api/postss/7", "/api%2Fposts/7", "/api/./posts/7",
    };

    ck_assert(!matches(paths[_i], "/api/posts/{id}"));
}
END_TEST

START_TEST(cannot_split_what_no_template_could_match)
{
    static const char *const paths[] = {"",
                                        "*",
                                        "api/posts",
                                        "/a%",
                                        "/a%zz",
                                        "/a%00b",
                                        "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"};

    ck_assert(!path_split(paths[_i], arena, &path));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, matches_a_path_without_values);
    tcase_add_test(tests, takes_values_from_their_segments);
    tcase_add_test(tests, compares_what_the_encoding_means);
    tcase_add_loop_test(tests, matches_no_other_path, 0, 12);
    tcase_add_loop_test(tests, cannot_split_what_no_template_could_match, 0, 7);
}
CHECK_MAIN("http path", add_tests)
