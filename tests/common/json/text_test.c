/* Strings: escapes, UTF-8, lengths, white space. */

#include "tests/common/json/sample.h"

static const char *read_text(const char *between_quotes, size_t size, const char **ret)
{
    struct buffer json;
    buffer_init(&json, arena);
    buffer_append_text(&json, "{\"text\":\"");
    buffer_append(&json, between_quotes, size);
    buffer_append_text(&json, "\"}");
    struct line line;
    const char *errors = decode(&line_object, json.data, json.size, &line);
    *ret = line.text;
    return errors;
}

#define expect_text(between_quotes, expected)                                                      \
    do {                                                                                           \
        const char *text_;                                                                         \
        ck_assert_str_eq(read_text(between_quotes, sizeof(between_quotes) - 1, &text_), "");       \
        ck_assert_str_eq(text_, expected);                                                         \
    } while (0)
#define expect_refused(between_quotes, expected)                                                   \
    do {                                                                                           \
        const char *text_;                                                                         \
        ck_assert_str_eq(read_text(between_quotes, sizeof(between_quotes) - 1, &text_), expected); \
    } while (0)

START_TEST(reads_every_escape)
{
    expect_text("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t");
    expect_text("a\\u0041\\u00e9\\u20AC", "aAé€");
    expect_text("\\ud83d\\ude00!", "😀!");
    expect_text("\\uDBFF\\uDFFF", "\xF4\x8F\xBF\xBF");
    expect_text("plain text of more than eight bytes", "plain text of more than eight bytes");
    expect_text("", "");
    expect_text("\x7F", "\x7F");
}
END_TEST

START_TEST(refuses_nul_and_lone_surrogates_on_the_field_itself)
{
    const char *lone = "text: must not contain a lone surrogate";
    expect_refused("a\\u0000b", "text: must not contain the character U+0000");
    expect_refused("\\ud83d", lone);
    expect_refused("\\ude00", lone);
    expect_refused("\\ud83d\\ud83d", lone);
    expect_refused("\\ud83dx", lone);
    expect_refused("\\ud83d\\n", lone);
    expect_refused("\\ude00\\ud83d", lone);
}
END_TEST

START_TEST(refuses_broken_strings)
{
    expect_refused("\\x41", "body: is not valid JSON (at byte 9)");
    expect_refused("\\u12G4", "body: is not valid JSON (at byte 9)");
    expect_refused("\\u12", "body: is not valid JSON (at byte 9)");
    expect_refused("ab\n", "body: is not valid JSON (at byte 11)");
    expect_refused("\0", "body: is not valid JSON (at byte 9)");
    expect_refused("\x1F", "body: is not valid JSON (at byte 9)");
    expect_refused("\\", "body: is not valid JSON (at byte 12)");
    expect_refused("\\\0", "body: is not valid JSON (at byte 9)");
}
END_TEST

START_TEST(refuses_what_is_not_utf8)
{
    const char *error = "body: is not valid UTF-8 (at byte 9)";
    expect_refused("\x80", error);
    expect_refused("\xC0\x80", error);
    expect_refused("\xC1\xBF", error);
    expect_refused("\xC3", error);
    expect_refused("\xC3(", error);
    expect_refused("\xE0\x9F\xBF", error);
    expect_refused("\xE2\x82", error);
    expect_refused("\xED\xA0\x80", error);
    expect_refused("\xED\xBF\xBF", error);
    expect_refused("\xF0\x8F\xBF\xBF", error);
    expect_refused("\xF4\x90\x80\x80", error);
    expect_refused("\xF5\x80\x80\x80", error);
    expect_refused("\xF0\x9F\x98", error);
    expect_refused("\xFF", error);
    expect_text("\xC2\x80\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
                "\xC2\x80\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF");
}
END_TEST

/* `count` times `character` as the text's only content */
static const char *read_repeated(const char *character, int count)
{
    struct buffer text;
    buffer_init(&text, arena);
    for (int i = 0; i < count; i++) {
        buffer_append_text(&text, character);
    }
    const char *ignored;
    return read_text(text.data, text.size, &ignored);
}

START_TEST(counts_characters_not_bytes)
{
    static const char *const characters[] = {
        "a", "é", "€", "😀", "\\n", "\\u20ac", "\\ud83d\\ude00"};
    for (size_t i = 0; i < ARRAY_COUNT(characters); i++) {
        ck_assert_str_eq(read_repeated(characters[i], 255), "");
        ck_assert_str_eq(read_repeated(characters[i], 256),
                         "text: must be at most 255 characters long");
    }
}
END_TEST

START_TEST(says_how_long_a_text_must_be)
{
    expect_errors(sample_object, "{\"name\":\"abcde\"}", "");
    expect_errors(sample_object, "{\"name\":\"abcdef\"}",
                  "name: must be at most 5 characters long");
    expect_errors(sample_object, "{\"name\":\"A\",\"note\":\"x\"}",
                  "note: must be at least 2 characters long");
    expect_errors(sample_object, "{\"name\":\"A\",\"note\":\"xy\"}", "");
}
END_TEST

START_TEST(refuses_a_blank_text_of_any_white_space)
{
    static const char *const blanks[] = {" ",         "\\t\\n\\u000b\\f\\r",
                                         "\\u00a0",   "\\u1680",
                                         "\\u2000",   "\\u200a",
                                         "\\u2028",   "\\u2029",
                                         "\\u202f",   "\\u205f",
                                         "\\u3000",   "\\ufeff",
                                         " \\u3000 ", "\\u0085"};
    for (size_t i = 0; i < ARRAY_COUNT(blanks); i++) {
        const char *json = arena_printf(arena, "{\"name\":\"%s\"}", blanks[i]);
        expect_errors(sample_object, json, "name: must not be blank");
    }
}
END_TEST

START_TEST(refuses_an_empty_text)
{
    expect_errors(sample_object, "{\"name\":\"\"}", "name: must not be empty");
}
END_TEST

START_TEST(keeps_white_space_around_text)
{
    struct sample sample;

    ck_assert_str_eq(decode(&sample_object, "{\"name\":\" x \"}", 14, &sample), "");

    ck_assert_str_eq(sample.name, " x ");
}
END_TEST

START_TEST(does_not_take_other_invisible_characters_for_white_space)
{
    expect_errors(sample_object, "{\"name\":\"\\u200b\"}", "");
    expect_errors(sample_object, "{\"name\":\"\\u180e\"}", "");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, reads_every_escape);
    tcase_add_test(tests, refuses_nul_and_lone_surrogates_on_the_field_itself);
    tcase_add_test(tests, refuses_broken_strings);
    tcase_add_test(tests, refuses_what_is_not_utf8);
    tcase_add_test(tests, counts_characters_not_bytes);
    tcase_add_test(tests, says_how_long_a_text_must_be);
    tcase_add_test(tests, refuses_a_blank_text_of_any_white_space);
    tcase_add_test(tests, refuses_an_empty_text);
    tcase_add_test(tests, keeps_white_space_around_text);
    tcase_add_test(tests, does_not_take_other_invisible_characters_for_white_space);
}
CHECK_MAIN("json text", add_tests)
