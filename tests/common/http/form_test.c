/* common/http/form.h, and percent.h through it */

#include "common/http/form.h"

#include <string.h>

#include "common/http/percent.h"
#include "tests/support/check_main.h"

static struct arena *arena;
static struct form_reader reader;
static struct form_pair pair;

static void setup(void)
{
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

static void start(const char *data)
{
    form_reader_init(&reader, data, strlen(data), arena);
}

static void expect_pair(const char *name, const char *value)
{
    ck_assert_int_eq(form_next(&reader, &pair), FORM_PAIR);
    ck_assert_str_eq(pair.name, name);
    ck_assert_uint_eq(pair.name_size, strlen(name));
    ck_assert_str_eq(pair.value, value);
    ck_assert_uint_eq(pair.value_size, strlen(value));
}

START_TEST(reads_pairs_in_their_order)
{
    start("a=1&b=2&a=3");

    expect_pair("a", "1");
    expect_pair("b", "2");
    expect_pair("a", "3");
    ck_assert_int_eq(form_next(&reader, &pair), FORM_END);
    ck_assert_int_eq(form_next(&reader, &pair), FORM_END);
}
END_TEST

START_TEST(decodes_names_and_values)
{
    start("%61+b=c%3D%26%C3%A4+%2B");

    expect_pair("a b", "c=&\xc3\xa4 +");
}
END_TEST

START_TEST(takes_a_name_without_a_value_for_an_empty_one)
{
    start("a&b=&=c&d=e=f");

    expect_pair("a", "");
    expect_pair("b", "");
    expect_pair("", "c");
    expect_pair("d", "e=f");
}
END_TEST

START_TEST(skips_what_is_empty)
{
    start("&&a=1&&");

    expect_pair("a", "1");
    ck_assert_int_eq(form_next(&reader, &pair), FORM_END);
}
END_TEST

START_TEST(is_at_its_end_at_once_when_there_is_nothing)
{
    start("");

    ck_assert_int_eq(form_next(&reader, &pair), FORM_END);
}
END_TEST

START_TEST(keeps_a_nul_inside_a_value)
{
    start("a=b%00c");

    ck_assert_int_eq(form_next(&reader, &pair), FORM_PAIR);

    ck_assert_uint_eq(pair.value_size, 3);
    ck_assert_int_eq(memcmp(pair.value, "b\0c", 3), 0);
}
END_TEST

START_TEST(refuses_a_percent_sign_without_its_digits)
{
    static const char *const forms[] = {"a=%", "a=%4", "a=%zz", "%=1", "a=%4&b=41", "a=%+1"};

    start(forms[_i]);

    ck_assert_int_eq(form_next(&reader, &pair), FORM_BROKEN);
}
END_TEST

START_TEST(leaves_a_plus_sign_alone_in_a_path)
{
    const char *text;
    size_t size;

    ck_assert(percent_decode("a+%62", 5, PERCENT_PATH, arena, &text, &size));

    ck_assert_str_eq(text, "a+b");
}
END_TEST

START_TEST(encodes_all_but_unreserved_characters)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);

    percent_encode("aZ9-._~ /?&=%\xc3\xa4", 16, &buffer);

    ck_assert_str_eq(buffer.data, "aZ9-._~%20%2F%3F%26%3D%25%C3%A4%00");
    ck_assert_uint_eq(buffer.size, strlen(buffer.data));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, reads_pairs_in_their_order);
    tcase_add_test(tests, decodes_names_and_values);
    tcase_add_test(tests, takes_a_name_without_a_value_for_an_empty_one);
    tcase_add_test(tests, skips_what_is_empty);
    tcase_add_test(tests, is_at_its_end_at_once_when_there_is_nothing);
    tcase_add_test(tests, keeps_a_nul_inside_a_value);
    tcase_add_loop_test(tests, refuses_a_percent_sign_without_its_digits, 0, 6);
    tcase_add_test(tests, leaves_a_plus_sign_alone_in_a_path);
    tcase_add_test(tests, encodes_all_but_unreserved_characters);
}
CHECK_MAIN("http form", add_tests)
