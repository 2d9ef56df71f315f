/* common/template/render.h and filters.h, called directly. */

#include "common/template/render.h"

#include <limits.h>
#include <string.h>

#include "common/template/filters.h"
#include "tests/support/check_main.h"

static struct arena *arena;
static struct render render;

static void setup(void)
{
    arena = arena_new();
    render_init(&render, arena, LANGUAGE_EN);
}

static void teardown(void)
{
    arena_free(arena);
}

static const char *written(void)
{
    return render.buffer.data == NULL ? "" : render.buffer.data;
}

START_TEST(lets_harmless_addresses_pass)
{
    static const struct {
        const char *url;
        const char *written;
    } cases[] = {
        {"/posts/1/?a=b&c=d#e", "/posts/1/?a=b&amp;c=d#e"},
        {"https://example.org/%20x", "https://example.org/%20x"},
        {"HTTP://x", "HTTP://x"},
        {"mailto:a@b", "mailto:a@b"},
        {"a/b:c", "a/b:c"},
        {"?x:y", "?x:y"},
        {"", ""},
        {"/it's \"<x>\"\n", "/it&#39;s%20%22%3Cx%3E%22%0A"},
        {"/\xC3\xA4\xFF", "/%C3%A4%FF"},
        {"&#106;avascript:x", "&amp;#106;avascript:x"},
    };

    render_url(&render, cases[_i].url);

    ck_assert_str_eq(written(), cases[_i].written);
}
END_TEST

START_TEST(writes_no_address_that_runs)
{
    static const char *const urls[] = {
        "javascript:alert(1)",
        "JavaScript:x",
        " javascript:x",
        "java\nscript:x",
        "\x01javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/xx",
        "https\t:x",
        "x-y:z",
        ":x",
    };

    render_url(&render, urls[_i]);

    ck_assert_str_eq(written(), "#");
}
END_TEST

START_TEST(encodes_a_part_of_an_address)
{
    render_url_part(&render, "a/b?c=d&e#f:g \xC3\xA4.-_~");

    ck_assert_str_eq(written(), "a%2Fb%3Fc%3Dd%26e%23f%3Ag%20%C3%A4.-_~");
}
END_TEST

START_TEST(replaces_what_is_not_utf_8)
{
    render_text(&render, "a\xC3<\xE2\x82\xAC\xF0\x9F\x98");

    ck_assert_str_eq(written(),
                     "a\xEF\xBF\xBD&lt;\xE2\x82\xAC\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}
END_TEST

START_TEST(writes_nothing_for_no_text)
{
    render_text(&render, NULL);
    render_url(&render, NULL);
    render_url_part(&render, NULL);
    render_plain(&render, NULL);
    render_line(&render, NULL);
    render_html(&render, NULL);
    render_line_end(&render);

    ck_assert_str_eq(written(), "");
}
END_TEST

START_TEST(puts_arguments_where_a_translation_wants_them)
{
    static const struct render_argument arguments[] = {{"a", "<1>"}, {"bc", "%(a)s"}};

    render_message(&render, render_text, "%(bc)s & %(a)s, %(d)s %%(a)s 5% %(a) %(", arguments, 2);

    ck_assert_str_eq(written(), "%(a)s &amp; <1>, %(d)s %(a)s 5% %(a) %(");
}
END_TEST

START_TEST(captures_within_what_it_captures)
{
    render_text(&render, "a");
    struct buffer outer = render_capture(&render);
    render_text(&render, "b");
    struct buffer inner = render_capture(&render);
    const char *nothing = render_captured(&render, inner);
    render_text(&render, "c");
    const char *both = render_captured(&render, outer);
    render_text(&render, "d");

    ck_assert_str_eq(nothing, "");
    ck_assert_str_eq(both, "bc");
    ck_assert_str_eq(written(), "ad");
}
END_TEST

START_TEST(cuts_between_characters)
{
    ck_assert_str_eq(render_truncate(&render, "äöü", 3), "äöü");
    ck_assert_str_eq(render_truncate(&render, "äöü", 2), "ä…");
    ck_assert_str_eq(render_truncate(&render, "äöü", 1), "…");
    ck_assert_str_eq(render_truncate(&render, "äöü", 0), "…");
    ck_assert_str_eq(render_truncate(&render, "", 0), "");
    ck_assert_str_eq(render_truncate(&render, "\xFF\xFF\xFF", 2), "\xFF…");
    ck_assert_uint_eq(render_length("ä\xFFx"), 3);
}
END_TEST

START_TEST(writes_numbers)
{
    ck_assert_str_eq(render_number(&render, 0), "0");
    ck_assert_str_eq(render_number(&render, 999), "999");
    ck_assert_str_eq(render_number(&render, -1000), "-1,000");
    ck_assert_str_eq(render_number(&render, INT64_MIN), "-9,223,372,036,854,775,808");
    ck_assert_str_eq(render_bytes(&render, 999), "999 B");
    ck_assert_str_eq(render_bytes(&render, 1500000), "1.5 MB");
    ck_assert_str_eq(render_bytes(&render, INT64_MIN), "-9223372036.8 GB");
}
END_TEST

START_TEST(writes_durations)
{
    static const struct {
        int64_t us;
        const char *text;
    } cases[] = {
        {0, "0 µs"},
        {999, "999 µs"},
        {1000, "1 ms"},
        {1999999, "1.9 s"},
        {INT64_C(90000000), "1.5 min"},
        {INT64_C(3600000000), "1 h"},
        {INT64_C(129600000000), "1.5 d"},
        {-1500, "-1.5 ms"},
        {INT64_MAX, "106751991.1 d"},
    };

    ck_assert_str_eq(render_duration(&render, cases[_i].us), cases[_i].text);
}
END_TEST

START_TEST(writes_times_of_all_languages)
{
    const int64_t us = INT64_C(1709251199999999); /* 2024-02-29 23:59:59.999999 */

    ck_assert_str_eq(render_datetime(&render, us), "29 February 2024, 23:59 UTC");
    render.language = LANGUAGE_DE;
    ck_assert_str_eq(render_datetime(&render, us), "29. Februar 2024, 23:59 UTC");
    render.language = LANGUAGE_FR;
    ck_assert_str_eq(render_datetime(&render, us), "29 février 2024, 23:59 UTC");
    ck_assert_str_eq(render_iso(&render, -1), "1969-12-31T23:59:59Z");
}
END_TEST

START_TEST(labels_in_the_language_of_the_page)
{
    ck_assert_str_eq(render_label(&render, "published"), "Published");
    render.language = LANGUAGE_DE;
    ck_assert_str_eq(render_label(&render, "published"), "Veröffentlicht");
    ck_assert_str_eq(render_label(&render, ""), "");
}
END_TEST

START_TEST(compares_texts)
{
    static const char *const texts[] = {"a", NULL};

    ck_assert(render_is_equal(NULL, NULL));
    ck_assert(!render_is_equal(NULL, ""));
    ck_assert(render_is_equal("a", "a"));
    ck_assert(render_contains(texts, 2, "a"));
    ck_assert(!render_contains(texts, 1, NULL));
    ck_assert(!render_contains(NULL, 0, "a"));
    ck_assert_str_eq(render_concat(&render, NULL, "b"), "b");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, lets_harmless_addresses_pass, 0, 10);
    tcase_add_loop_test(tests, writes_no_address_that_runs, 0, 11);
    tcase_add_test(tests, encodes_a_part_of_an_address);
    tcase_add_test(tests, replaces_what_is_not_utf_8);
    tcase_add_test(tests, writes_nothing_for_no_text);
    tcase_add_test(tests, puts_arguments_where_a_translation_wants_them);
    tcase_add_test(tests, captures_within_what_it_captures);
    tcase_add_test(tests, cuts_between_characters);
    tcase_add_test(tests, writes_numbers);
    tcase_add_loop_test(tests, writes_durations, 0, 9);
    tcase_add_test(tests, writes_times_of_all_languages);
    tcase_add_test(tests, labels_in_the_language_of_the_page);
    tcase_add_test(tests, compares_texts);
}
CHECK_MAIN("template render", add_tests)
