/* Integers are read exactly. */

#include "tests/common/json/sample.h"

static const char range_error[] =
    "value: must be an integer between -9007199254740991 and 9007199254740991";
static const char kind_error[] = "value: must be an integer";

static const char *read_number(const char *text, int64_t *ret)
{
    const char *json = arena_printf(arena, "{\"value\":%s}", text);
    struct number number;
    const char *errors = decode(&number_object, json, strlen(json), &number);
    *ret = number.value;
    return errors;
}

static void expect_number(const char *text, int64_t expected)
{
    int64_t value;
    ck_assert_msg(strcmp(read_number(text, &value), "") == 0, "%s is refused", text);
    ck_assert_msg(value == expected, "%s is read as %lld", text, (long long)value);
}

static void expect_refused(const char *text, const char *expected)
{
    int64_t value;
    ck_assert_str_eq(read_number(text, &value), expected);
}

START_TEST(reads_integers_in_every_notation)
{
    expect_number("0", 0);
    expect_number("-0", 0);
    expect_number("-0.0e-5", 0);
    expect_number("7", 7);
    expect_number("-12", -12);
    expect_number("1.0", 1);
    expect_number("1e2", 100);
    expect_number("1E+2", 100);
    expect_number("1200e-2", 12);
    expect_number("0.012e3", 12);
    expect_number("0e999999999999999999999", 0);
    expect_number("0.000e400", 0);
    expect_number("10000000000000000000000e-21", 10);
}
END_TEST

START_TEST(holds_to_the_limits_exactly)
{
    expect_number("9007199254740991", INT64_C(9007199254740991));
    expect_number("-9007199254740991", INT64_C(-9007199254740991));
    expect_number("9007199254740991.0", INT64_C(9007199254740991));
    expect_number("900719925474099.1e1", INT64_C(9007199254740991));
    expect_refused("9007199254740992", range_error);
    expect_refused("9007199254740993", range_error);
    expect_refused("-9007199254740992", range_error);
    expect_refused("9.007199254740993e15", range_error);
    expect_refused("10000000000000000", range_error);
    expect_refused("18446744073709551617", range_error);
    expect_refused("1e400", range_error);
    expect_refused("1e16", range_error);
    expect_refused("1e99999999999999999999", range_error);
    expect_refused("-1e400", range_error);
}
END_TEST

START_TEST(refuses_fractions_however_small)
{
    expect_refused("1.5", kind_error);
    expect_refused("1e-1", kind_error);
    expect_refused("1e-400", kind_error);
    expect_refused("9007199254740990.5", kind_error);
    expect_refused("1.00000000000000000000000000000000000000001", kind_error);
}
END_TEST

START_TEST(knows_what_is_no_number)
{
    static const char *const texts[] = {"01",   "+1",  ".5",  "1.",  "1e",   "1e+",  "-",
                                        "0x10", "NaN", "1_0", "--1", "00.1", "1.e1", "Infinity"};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        int64_t value;
        const char *errors = read_number(texts[i], &value);
        ck_assert_msg(strstr(errors, "body: is not valid JSON") == errors, "%s: %s", texts[i],
                      errors);
    }
}
END_TEST

START_TEST(reads_a_number_of_a_million_digits)
{
    size_t size = 1000000;
    char *text = arena_alloc_raw(arena, size + 16);
    memset(text, '0', size);
    text[0] = '3';
    memcpy(text + size, "e-999999", sizeof("e-999999"));

    expect_number(text, 3);
}
END_TEST

START_TEST(checks_numbers_nobody_asks_for)
{
    const char *error = "body: must not contain a number beyond 2^53-1";
    ck_assert_str_eq(check_text("[1.5,-9007199254740991,1e-400]"), "");
    ck_assert_str_eq(check_text("1e400"), error);
    ck_assert_str_eq(check_text("[9007199254740992]"), error);
    ck_assert_str_eq(check_text("9007199254740991.5"), error);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, reads_integers_in_every_notation);
    tcase_add_test(tests, holds_to_the_limits_exactly);
    tcase_add_test(tests, refuses_fractions_however_small);
    tcase_add_test(tests, knows_what_is_no_number);
    tcase_add_test(tests, reads_a_number_of_a_million_digits);
    tcase_add_test(tests, checks_numbers_nobody_asks_for);
}
CHECK_MAIN("json number", add_tests)
