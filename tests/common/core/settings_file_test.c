/* settings_file: each line is used, or told what is wrong with it. */

#include <stdio.h>
#include <string.h>

#include "common/core/settings_file.h"
#include "tests/support/check_main.h"

static char used[1024]; /* "name=value;" for each */
static struct settings_complaint complaint;

static bool keep(void *context, const char *name, const char *value, struct settings_complaint *why)
{
    const char *refused = context;
    if (refused != NULL && strcmp(name, refused) == 0) {
        (void)snprintf(why->text, sizeof(why->text), "refused");
        return false;
    }
    size_t size = strlen(used);
    (void)snprintf(used + size, sizeof(used) - size, "%s=%s;", name, value);
    return true;
}

/* The text from a place that ends right behind it, so that a sanitizer sees what is read beyond. */
static unsigned walk_bytes(const char *text, size_t size, const char *refused)
{
    used[0] = '\0';
    complaint.text[0] = '\0';
    char *copy = malloc(size == 0 ? 1 : size);
    memcpy(copy, text, size);
    unsigned line = settings_file_walk(copy, size, keep, (void *)refused, &complaint);
    free(copy);
    return line;
}

static unsigned walk(const char *text)
{
    return walk_bytes(text, strlen(text), NULL);
}

START_TEST(uses_each_line)
{
    ck_assert_uint_eq(walk("WORKERS=4\nLOG_FORMAT=json\n"), 0);

    ck_assert_str_eq(used, "WORKERS=4;LOG_FORMAT=json;");
}
END_TEST

START_TEST(passes_over_comments_and_empty_lines)
{
    ck_assert_uint_eq(walk("# all of it\n\n#WORKERS=4\nPREFETCH=1\n\n"), 0);

    ck_assert_str_eq(used, "PREFETCH=1;");
}
END_TEST

START_TEST(takes_a_value_as_it_stands)
{
    ck_assert_uint_eq(walk("A=x=y # \"no\" comment $HOME \\n\nB=\nC=Grüße\n"), 0);

    ck_assert_str_eq(used, "A=x=y # \"no\" comment $HOME \\n;B=;C=Grüße;");
}
END_TEST

START_TEST(may_be_empty)
{
    ck_assert_uint_eq(walk(""), 0);

    ck_assert_str_eq(used, "");
}
END_TEST

static const char *const wrong[] = {
    "WORKERS",
    "WORKERS 4\n",
    "=4\n",
    " WORKERS=4\n",
    "export WORKERS=4\n",
    "workers=4\n",
    "WORKERS = 4\n",
    "WORKERS= 4\n",
    "WORKERS=4 \n",
    "WORKERS=\"4\"\n",
    "WORKERS='4'\n",
    "WORKERS=4\r\n",
    "WORKERS=\t4\n",
    "WORKERS=4\x1b[m\n",
    "WORKERS=4",
    "# a comment\r\n",
    "\xef\xbb\xbf"
    "A=1\n",
    "# no line end",
};

START_TEST(refuses_what_others_might_read_in_another_way)
{
    ck_assert_msg(walk(wrong[_i]) == 1, "taken: %s", wrong[_i]);

    ck_assert_str_ne(complaint.text, "");
    ck_assert_str_eq(used, "");
}
END_TEST

START_TEST(refuses_nul)
{
    ck_assert_uint_eq(walk_bytes("A=1\nB=2\0C\n", 10, NULL), 2);
}
END_TEST

START_TEST(tells_the_line_that_is_wrong)
{
    ck_assert_uint_eq(walk("# first\n\nA=1\nnonsense\nB=2\n"), 4);

    ck_assert_str_eq(used, "A=1;");
}
END_TEST

START_TEST(tells_the_line_that_cannot_be_used)
{
    ck_assert_uint_eq(walk_bytes("A=1\nB=2\nC=3\n", 12, "B"), 2);

    ck_assert_str_eq(complaint.text, "refused");
}
END_TEST

START_TEST(tells_no_value)
{
    (void)walk("SECRET_KEY= hush\n");

    ck_assert_ptr_null(strstr(complaint.text, "hush"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, uses_each_line);
    tcase_add_test(tests, passes_over_comments_and_empty_lines);
    tcase_add_test(tests, takes_a_value_as_it_stands);
    tcase_add_test(tests, may_be_empty);
    tcase_add_loop_test(tests, refuses_what_others_might_read_in_another_way, 0,
                        ARRAY_COUNT(wrong));
    tcase_add_test(tests, refuses_nul);
    tcase_add_test(tests, tells_the_line_that_is_wrong);
    tcase_add_test(tests, tells_the_line_that_cannot_be_used);
    tcase_add_test(tests, tells_no_value);
}
CHECK_MAIN("core.settings_file", add_tests)
