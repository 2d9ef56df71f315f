/* services/gateway/pages/markdown.h */

#include "services/gateway/pages/markdown.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

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

static const struct {
    const char *text;
    const char *html;
} cases[] = {
    {"Hello *you* & <you>", "<p>Hello <em>you</em> &amp; <!-- raw HTML omitted --></p>\n"},
    {"1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"},
    {"`<b>`", "<p><code>&lt;b&gt;</code></p>\n"},
    /* headings begin below the page's own, and skip no level */
    {"# a", "<h2>a</h2>\n"},
    {"### a", "<h2>a</h2>\n"},
    {"# a\n### b\n## c\n###### d", "<h2>a</h2>\n<h3>b</h3>\n<h3>c</h3>\n<h4>d</h4>\n"},
    /* nothing that runs */
    {"<script>alert(1)</script>", "<!-- raw HTML omitted -->\n"},
    {"[a](javascript:alert(1))", "<p><a href=\"\">a</a></p>\n"},
    {"[a](JaVaScRiPt:alert(1))", "<p><a href=\"\">a</a></p>\n"},
    {"[a](&#106;avascript:alert(1))", "<p><a href=\"\">a</a></p>\n"},
    {"[a](vbscript:x) [b](data:text/html,x) [c](file:///x)",
     "<p><a href=\"\">a</a> <a href=\"\">b</a> <a href=\"\">c</a></p>\n"},
    {"<javascript:alert(1)>", "<p><a href=\"\">javascript:alert(1)</a></p>\n"},
    {"[a](https://example.org \"x\\\" onclick=\\\"y\")",
     "<p><a href=\"https://example.org\" title=\"x&quot; onclick=&quot;y\">a</a></p>\n"},
    {"```\" onclick=x\na\n```", "<pre><code class=\"language-&quot;\">a\n</code></pre>\n"},
    /* nothing from elsewhere */
    {"![a *cat*](https://example.org/cat.png)",
     "<p><a href=\"https://example.org/cat.png\">a <em>cat</em></a></p>\n"},
    {"![](https://example.org/cat.png)",
     "<p><a href=\"https://example.org/cat.png\">https://example.org/cat.png</a></p>\n"},
    {"[![](b.png)](c)", "<p><a href=\"c\"><em>b.png</em></a></p>\n"},
    {"![](javascript:x)", "<p><a href=\"\">javascript:x</a></p>\n"},
    /* every link has a name */
    {"[](https://example.org)", "<p><a href=\"https://example.org\">https://example.org</a></p>\n"},
    {"[]()", "<p><a href=\"\">#</a></p>\n"},
    {"", ""},
};

START_TEST(makes_safe_html)
{
    ck_assert_str_eq(markdown_render(&render, cases[_i].text), cases[_i].html);
}
END_TEST

/* The loop that serves everybody waits for it. */
START_TEST(bears_what_is_nested_without_end)
{
    static const char *const parts[] = {"> ",   "[",    "![",       "*a _",   "- ",  "`a",
                                        "<!--", "[a](", "![](",     "<a x='", "\\",  "&#x;",
                                        "**a ", "a**b", "[a]: b\n", "<?",     "]]>", "1. \n"};
    enum { SIZE = 50 * 1000 };
    static char text[SIZE + 1];
    size_t size = strlen(parts[_i]);
    for (size_t i = 0; i < SIZE; i++) {
        text[i] = parts[_i][i % size];
    }

    ck_assert_ptr_nonnull(markdown_render(&render, text));
}
END_TEST

enum { LONGEST = 100 * 1000, LEVELS = 100, TIMES_MAX = 40 };

static void append(char *text, size_t *size, const char *part, size_t times)
{
    for (size_t i = 0; i < times && *size + strlen(part) <= LONGEST; i++) {
        *size += (size_t)sprintf(text + *size, "%s", part);
    }
}

/* Processor time: not that of others. The shorter of two, as the first pays for the memory. */
static clock_t time_of(const char *text)
{
    clock_t shortest = 0;
    for (int i = 0; i < 2; i++) {
        clock_t begun = clock();
        ck_assert_ptr_nonnull(markdown_render(&render, text));
        clock_t lasted = clock() - begun;
        shortest = i == 0 || lasted < shortest ? lasted : shortest;
    }
    return shortest;
}

static clock_t time_of_plain_text(void)
{
    static char text[LONGEST + 1];
    size_t size = 0;
    append(text, &size, "A line of *ordinary* words, with `code` and [a link](/posts/).\n\n",
           LONGEST);
    return time_of(text);
}

static void expect_borne(const char *text)
{
    ck_assert_int_lt(time_of(text), TIMES_MAX * time_of_plain_text() + CLOCKS_PER_SEC / 100);
}

static const struct {
    const char *indent; /* so often as there are levels above */
    const char *marker;
    const char *rest;
} nests[] = {
    {"  ", "- ", "\n"},    {"  ", "- ", "\r"},    {"  ", "- ", "\r\n"},
    {"\t", "-\t", "\n"},   {"   ", "1. ", " \n"}, {" ", ">", ">\n"},
    {"   ", "> - ", "\n"}, {"  ", "-\n", "\n"},   {"   ", "1) ", "   \n"},
};

/* Line by line deeper, and then lines in which each level is looked at. */
START_TEST(bears_what_is_nested_over_many_lines)
{
    static char text[LONGEST + 1];
    size_t size = 0;
    for (size_t level = 0; level < 12; level++) {
        append(text, &size, nests[_i].indent, LEVELS * level);
        append(text, &size, nests[_i].marker, LEVELS);
        append(text, &size, "a\n", 1);
    }
    append(text, &size, nests[_i].rest, LONGEST);

    expect_borne(text);
}
END_TEST

START_TEST(bears_what_is_nested_in_one_line)
{
    static char text[LONGEST + 1];
    size_t size = 0;
    append(text, &size, "\xef\xbb\xbf", 1); /* which the library leaves out */
    append(text, &size, nests[_i].marker, LONGEST / 10);
    append(text, &size, nests[_i].rest, LONGEST);

    expect_borne(text);
}
END_TEST

/* Whatever lines come after each other. */
START_TEST(bears_what_chance_puts_together)
{
    static const char *const parts[] = {"  ", "\t", "- ", "-\t", "> ", ">",   "1. ", "+\n", "a",
                                        "\n", "\n", "\r", "[",   "*",  "```", "`",   "_",   "    "};
    static char text[LONGEST + 1];
    uint32_t chance = (uint32_t)_i + 1;
    size_t size = 0;
    while (size < LONGEST - 8) {
        chance = chance * 1664525 + 1013904223;
        size_t times = (chance >> 8) % 8 == 0 ? (chance >> 12) % 2000 : 1;
        append(text, &size, parts[(chance >> 24) % ARRAY_COUNT(parts)], times);
    }

    expect_borne(text);
}
END_TEST

START_TEST(shows_lists_of_many_levels_and_what_is_far_to_the_right)
{
    static char text[LONGEST + 1];
    size_t size = 0;
    for (size_t level = 0; level < 30; level++) {
        append(text, &size, "  ", level);
        append(text, &size, "- a\n", 1);
    }
    append(text, &size, "\nb\n\n```\n", 1);
    for (size_t i = 0; i < 50; i++) {
        append(text, &size, " ", 120);
        append(text, &size, "* c\n", 1);
    }
    append(text, &size, "```\n", 1);

    const char *html = markdown_render(&render, text);

    ck_assert_ptr_nonnull(strstr(html, "<ul>"));
    ck_assert_ptr_nonnull(strstr(html, "* c\n</code>"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, makes_safe_html, 0, ARRAY_COUNT(cases));
    tcase_add_loop_test(tests, bears_what_is_nested_without_end, 0, 18);
    tcase_add_loop_test(tests, bears_what_is_nested_over_many_lines, 0, ARRAY_COUNT(nests));
    tcase_add_loop_test(tests, bears_what_is_nested_in_one_line, 0, ARRAY_COUNT(nests));
    tcase_add_loop_test(tests, bears_what_chance_puts_together, 0, 50);
    tcase_add_test(tests, shows_lists_of_many_levels_and_what_is_far_to_the_right);
}
CHECK_MAIN("gateway pages markdown", add_tests)
