/* services/gateway/pages/markdown.h */

#include "services/gateway/pages/markdown.h"

#include <string.h>

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

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, makes_safe_html, 0, ARRAY_COUNT(cases));
    tcase_add_loop_test(tests, bears_what_is_nested_without_end, 0, 18);
}
CHECK_MAIN("gateway pages markdown", add_tests)
