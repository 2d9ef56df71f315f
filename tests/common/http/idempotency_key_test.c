/* common/http/idempotency_key.h */

#include "common/http/idempotency_key.h"

#include <string.h>

#include "tests/support/check_main.h"

static char key[IDEMPOTENCY_KEY_SIZE];

/* `size` times x, with what comes before and after it. */
static const char *long_text(const char *before, size_t size, const char *after)
{
    static char text[600];
    size_t start = strlen(before);
    memcpy(text, before, start);
    memset(text + start, 'x', size);
    memcpy(text + start + size, after, strlen(after) + 1);
    return text;
}

START_TEST(reads_a_key_bare_or_quoted)
{
    static const char *const cases[][2] = {
        {"a", "a"},
        {"\"a\"", "a"},
        {"8e03978e-40d5-43e8-bc93-6894a57f9324", "8e03978e-40d5-43e8-bc93-6894a57f9324"},
        {"\"a b\"", "a b"},
        {"a b", "a b"},
        {"\"a\\\"b\\\\c\"", "a\"b\\c"},
        {"a\"b\\", "a\"b\\"},
        {"~!", "~!"},
    };

    ck_assert(idempotency_key_parse(cases[_i][0], key));

    ck_assert_str_eq(key, cases[_i][1]);
}
END_TEST

START_TEST(refuses_what_is_none)
{
    static const char *const headers[] = {
        "",     "\"\"",  "\"",       "\"a",          "\"a\"b",   "\"a\";b=1", "\"a\" ",
        "a\tb", "a\x7f", "\xc3\xa4", "\"\xc3\xa4\"", "\"a\\b\"", "\"a\\",     "\"a\\\"",
    };

    ck_assert(!idempotency_key_parse(headers[_i], key));
}
END_TEST

START_TEST(takes_255_characters_and_no_more)
{
    ck_assert(idempotency_key_parse(long_text("", 255, ""), key));
    ck_assert(idempotency_key_parse(long_text("\"", 255, "\""), key));
    ck_assert_uint_eq(strlen(key), 255);
    ck_assert(!idempotency_key_parse(long_text("", 256, ""), key));
    ck_assert(!idempotency_key_parse(long_text("\"", 256, "\""), key));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, reads_a_key_bare_or_quoted, 0, 8);
    tcase_add_loop_test(tests, refuses_what_is_none, 0, 14);
    tcase_add_test(tests, takes_255_characters_and_no_more);
}
CHECK_MAIN("http idempotency_key", add_tests)
