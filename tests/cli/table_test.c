/* Tables for people. */

#include "table.h"

#include "common/core/attributes.h"
#include "tests/cli/captured.h"
#include "tests/support/check_main.h"

static const char *const headings[] = {"COUNT", "MESSAGE"};

static struct arena *arena;
static struct table table;

static void setup(void)
{
    arena = arena_new();
    table_init(&table, arena, headings, ARRAY_COUNT(headings));
    captured_begin();
}

static void teardown(void)
{
    arena_free(arena);
}

START_TEST(columns_are_as_wide_as_their_widest_text)
{
    table_add(&table, (const char *const[]){"1234567", "posts.delete"});
    table_add(&table, (const char *const[]){"1", NULL});

    table_print(&table, stdout);

    ck_assert_str_eq(captured_output(), "COUNT    MESSAGE\n"
                                        "1234567  posts.delete\n"
                                        "1        -\n");
}
END_TEST

START_TEST(widths_are_counted_in_characters)
{
    table_add(&table,
              (const char *const[]){"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9\xc3\xa8", "x"});

    table_print(&table, stdout);

    ck_assert_str_eq(captured_output(), "COUNT   MESSAGE\n"
                                        "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9\xc3\xa8  x\n");
}
END_TEST

START_TEST(a_terminal_is_told_nothing)
{
    table_print_text("a\x1b[2Jb\xc2\x9b\x7f\xff\n", stdout);

    ck_assert_str_eq(captured_output(), "a?[2Jb????");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, columns_are_as_wide_as_their_widest_text);
    tcase_add_test(tests, widths_are_counted_in_characters);
    tcase_add_test(tests, a_terminal_is_told_nothing);
}
CHECK_MAIN("cli table", add_tests)
