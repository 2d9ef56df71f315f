/* Compiled templates: those in site/, mail/ and subject/, run with values that try to break out. */

#include <string.h>

#include "common/core/arena.h"
#include "common/template/render.h"
#include "tests/common/template/sample.h"
#include "tests/common/template/sample_filter.h"
#include "tests/support/check_main.h"

#define SAMPLE(name) void sample_##name(struct render *render, const struct sample_page *page)
SAMPLE(escaping);
SAMPLE(inheritance);
SAMPLE(loops);
SAMPLE(conditions);
SAMPLE(filters);
SAMPLE(translated);
SAMPLE(mail);
SAMPLE(subject);

static struct arena *arena;
static struct sample_page page;
static enum language language;

const char *colour_text(enum colour colour)
{
    return colour == COLOUR_RED ? "red" : "dark_blue";
}

const char *sample_shout(struct render *render, const char *text)
{
    return arena_printf(render->buffer.arena, "<b>%zu!</b>", strlen(text));
}

static void setup(void)
{
    arena = arena_new();
    page = (struct sample_page){.text = "t", .other = "o", .number = 12};
    language = LANGUAGE_EN;
}

static void teardown(void)
{
    arena_free(arena);
}

#define expect_rendered(name, expected)                                                            \
    do {                                                                                           \
        struct render render;                                                                      \
        render_init(&render, arena, language);                                                     \
        sample_##name(&render, &page);                                                             \
        ck_assert_str_eq(render.buffer.data, expected);                                            \
        ck_assert_uint_eq(render.buffer.size, strlen(expected));                                   \
    } while (false)

START_TEST(escapes_by_where_a_value_stands)
{
    page.text = "\"><script>alert('1')&amp;\xFF</script>";
    page.other = " javascript:alert(1)";
    page.html = "<em>trusted</em>";
    page.is_open = true;
    page.colour = COLOUR_DARK_BLUE;
#define ESCAPED "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&amp;amp;\xEF\xBF\xBD&lt;/script&gt;"
#define ENCODED "%22%3E%3Cscript%3Ealert%28%271%27%29%26amp%3B%FF%3C%2Fscript%3E"

    expect_rendered(escaping,
                    "<p>" ESCAPED "</p><textarea>" ESCAPED "</textarea><a title=\"" ESCAPED
                    "\" data-x='" ESCAPED "' href=\"#\">\n<a href=\"/x/" ENCODED "/?next=" ENCODED
                    "&amp;t=" ENCODED "\"><i class=\"a b\">12</i><p><em>trusted</em></p>&lt;&amp;"
                    "/assets/a.css?a=1&amp;b=2<input value=\"12\" checked>"
                    "<b hidden=\"true\">dark_blue</b>\n");
}
END_TEST

START_TEST(prints_nothing_for_what_is_absent)
{
    page = (struct sample_page){0};

    expect_rendered(escaping,
                    "<p></p><textarea></textarea><a title=\"\" data-x='' href=\"\">\n"
                    "<a href=\"/x//?next=&amp;t=\"><i class=\"a\">0</i><p></p>&lt;&amp;"
                    "/assets/a.css?a=1&amp;b=2<input value=\"0\"><b hidden=\"false\"></b>\n");
}
END_TEST

START_TEST(puts_templates_together)
{
    static const char *const words[] = {"<1>", "2"};
    page.words = words;
    page.words_count = 2;
    page.text = "<";

    expect_rendered(inheritance,
                    "<title>Hello Middle Site</title>[inner+"
                    "<input name=\"a\" type=\"text\" value=\"&lt;\">"
                    "<input name=\"w\" type=\"text\" value=\"1\"><em>&lt;1&gt;</em><em>2</em>"
                    "<div title=\"&lt;\">12</div>xx<u>loc &lt;</u>\nfoot]foot");
}
END_TEST

START_TEST(walks_lists)
{
    static const struct sample_row rows[] = {
        {.id = 1, .title = "A&", .author = {.email = "a@b"}},
        {.id = 2, .title = "B", .author = {.email = "c@d", .has_age = true, .age = 7}},
    };
    static const char *const words[] = {"x", "y"};
    page.rows = rows;
    page.rows_count = 2;
    page.words = words;
    page.words_count = 2;

    expect_rendered(loops, "1/2 first:A&amp;(a@b); 2/2 last:B(c@d,7)|x0y1|a1-b2");
}
END_TEST

START_TEST(says_so_when_a_list_is_empty)
{
    expect_rendered(loops, "none|no words|a1-b2");
}
END_TEST

START_TEST(decides_about_what_is_absent)
{
    page.text = NULL;
    page.other = NULL;

    expect_rendered(conditions, "absent||||||-|neither|shut||teens|||7|4|12|");
}
END_TEST

START_TEST(decides_about_what_is_there)
{
    static const char *const words[] = {"w", "x"};
    struct sample_person friend = {.email = "f", .has_age = true, .age = 3};
    page = (struct sample_page){
        .text = "",
        .other = "o",
        .number = 30,
        .has_count = true,
        .count = 5,
        .has_guest = true,
        .guest = {.email = "g"},
        .friend = &friend,
        .colour = COLOUR_RED,
        .is_open = true,
        .words = words,
        .words_count = 2,
        .has_until = true,
        .until = 1,
    };

    expect_rendered(conditions,
                    "count|5|g||friend|3|R|o|open|o|round|has x|both|5|1|30red|dlater!");
}
END_TEST

static void fill_filtered(void)
{
    static const char *const words[] = {"x", "y"};
    page.since = INT64_C(1704067200000000) + INT64_C(45296000000); /* 2024-01-01 12:34:56 */
    page.number = -1234567;
    page.text = "Ä<b>\r\nc";
    page.other = NULL;
    page.words = words;
    page.words_count = 2;
    page.colour = COLOUR_DARK_BLUE;
}

START_TEST(filters)
{
    fill_filtered();

    expect_rendered(filters,
                    "1 January 2024|12:34|1 January 2024, 12:34 UTC|2024-01-01T12:34:56Z||"
                    "-1,234,567|-1.2 s|-1.2 MB|Ä&lt;b…|7|2|%C3%84%3Cb%3E%0D%0Ac|Dark blue|none|"
                    "<b>8!</b>|%…\n");
}
END_TEST

START_TEST(filters_in_the_language_of_the_page)
{
    language = LANGUAGE_FR;
    fill_filtered();

    expect_rendered(
        filters,
        "1er janvier 2024|12:34|1er janvier 2024, 12:34 UTC|2024-01-01T12:34:56Z||"
        "-1\u202F234\u202F567|-1,2 s|-1,2 MB|Ä&lt;b…|7|2|%C3%84%3Cb%3E%0D%0Ac|Dark blue|none|"
        "<b>8!</b>|%…\n");
}
END_TEST

START_TEST(translates_with_arguments)
{
    static const char *const words[] = {"x", "y"};
    page.text = "<%(name)s>";
    page.words = words;
    page.words_count = 2;

    expect_rendered(
        translated,
        "Yes &amp; no|100% sure|Hello &lt;%(name)s&gt;|<i title=\"Hello &lt;%(name)s&gt;\">|"
        "See <a href=\"/\">&lt;%(name)s&gt;</a> or 12|2 words|0 rows|Open|Hello \n");
}
END_TEST

START_TEST(counts_one)
{
    static const char *const words[] = {"x"};
    static const struct sample_row rows[1];
    page.words = words;
    page.words_count = 1;
    page.rows = rows;
    page.rows_count = 1;

    expect_rendered(translated, "Yes &amp; no|100% sure|Hello t|<i title=\"Hello t\">|"
                                "See <a href=\"/\">t</a> or 12|One word|1 row|Open|Hello \n");
}
END_TEST

START_TEST(leaves_plain_text_as_it_is)
{
    page.text = "<&\n>\xC0";

    expect_rendered(mail, "Hello <&\n>\xEF\xBF\xBD, <<&\n>\xEF\xBF\xBD> ");
}
END_TEST

START_TEST(keeps_a_line_one_line)
{
    page.text = "\r\nBcc: x@y\t\x7F\x01 z";
    page.other = "\n\n";

    expect_rendered(subject, "Subject: Bcc: x@y z x");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, escapes_by_where_a_value_stands);
    tcase_add_test(tests, prints_nothing_for_what_is_absent);
    tcase_add_test(tests, puts_templates_together);
    tcase_add_test(tests, walks_lists);
    tcase_add_test(tests, says_so_when_a_list_is_empty);
    tcase_add_test(tests, decides_about_what_is_absent);
    tcase_add_test(tests, decides_about_what_is_there);
    tcase_add_test(tests, filters);
    tcase_add_test(tests, filters_in_the_language_of_the_page);
    tcase_add_test(tests, translates_with_arguments);
    tcase_add_test(tests, counts_one);
    tcase_add_test(tests, leaves_plain_text_as_it_is);
    tcase_add_test(tests, keeps_a_line_one_line);
}
CHECK_MAIN("template samples", add_tests)
