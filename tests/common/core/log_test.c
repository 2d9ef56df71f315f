/* Log lines, read back from standard error. */

#include <stdio.h>
#include <string.h>

#include "common/core/log.h"
#include "tests/support/log_capture.h"

static struct log_capture capture;

static void setup(void)
{
    log_capture_begin(&capture);
    log_configure("test", LOG_FORMAT_TEXT, LOG_INFO);
}

static void teardown(void)
{
    log_capture_end(&capture);
}

/* the line after its head: what follows the event's name */
static const char *read_pairs(const char *event)
{
    return log_capture_read(&capture, event);
}

START_TEST(writes_one_line_of_pairs)
{
    log_event(LOG_INFO, "handled", "message=%s ms=%d", "posts.create", 3);

    ck_assert_str_eq(read_pairs("event=handled"), " message=posts.create ms=3\n");
    ck_assert_ptr_nonnull(strstr(capture.line, "level=info service=test"));
}
END_TEST

START_TEST(drops_what_is_below_the_level)
{
    log_event(LOG_DEBUG, "dropped", "a=%d", 1);
    log_event(LOG_ERROR, "kept", "a=%d", 1);

    ck_assert_str_eq(read_pairs("event=kept"), " a=1\n");
    ck_assert_ptr_null(strstr(capture.line, "dropped"));
}
END_TEST

START_TEST(lets_no_value_break_or_forge_a_line)
{
    log_event(LOG_INFO, "handled", "reason=\"%s\" ms=%d", "a \"b\"\nlevel=error c", 3);

    ck_assert_str_eq(read_pairs("event=handled"),
                     " reason=\"a \\\"b\\\"\\x0alevel=error c\" ms=3\n");
}
END_TEST

/* What names of fields, messages and the like may be made of by others. */
static const char *const forgeries[] = {
    "x\" code=ok message_id=1 y=\"",
    "x\\\" code=ok y=\\",
    "x\\",
    "\" code=ok",
    "x code=ok",
    "code=ok",
    "\ncode=ok",
};

/* Reads text as one would who splits it into pairs: quotes and backslashes count. */
static int count_pairs(const char *pairs, const char *name)
{
    int count = 0;
    bool is_quoted = false;
    size_t size = strlen(name);
    for (const char *at = pairs; *at != '\0'; at++) {
        if (is_quoted && *at == '\\') {
            at++;
            continue;
        }
        is_quoted = *at == '"' ? !is_quoted : is_quoted;
        count +=
            !is_quoted && *at == ' ' && strncmp(at + 1, name, size) == 0 && at[1 + size] == '=';
    }
    return count;
}

START_TEST(lets_no_value_forge_a_pair)
{
    const char *text = forgeries[_i];

    log_event(LOG_INFO, "handled", "code=%s detail=\"%s\" message=%s other=\"%s\" end=%d",
              "internal", text, text, text, 7);

    const char *pairs = read_pairs("event=handled");
    ck_assert_msg(strncmp(pairs, " code=internal detail=\"", 23) == 0, "%s", pairs);
    ck_assert_int_eq(count_pairs(pairs, "code"), 1);
    ck_assert_int_eq(count_pairs(pairs, "message_id"), 0);
    ck_assert_int_eq(count_pairs(pairs, "other"), 1);
    ck_assert_int_eq(count_pairs(pairs, "end"), 1);
}
END_TEST

START_TEST(lets_no_value_forge_a_member)
{
    log_configure("test", LOG_FORMAT_JSON, LOG_INFO);

    log_event(LOG_INFO, "handled", "code=%s detail=\"%s\" end=%d", "internal", "x\" code=ok y=\"\\",
              7);

    ck_assert_str_eq(
        read_pairs("\"event\":\"handled\""),
        ",\"code\":\"internal\",\"detail\":\"x\\\" code=ok y=\\\"\\\\\",\"end\":\"7\"}\n");
}
END_TEST

START_TEST(writes_numbers_of_all_kinds)
{
    log_event(LOG_INFO, "handled", "a=%d b=%03ld c=%lld d=%zu e=%u f=%lu g=%.0f h=%.2f", -1, 7L,
              -5000000000LL, (size_t)9, 4000000000U, 18446744073709551615UL, 2.0, 0.5);

    ck_assert_str_eq(read_pairs("event=handled"), " a=-1 b=007 c=-5000000000 d=9 e=4000000000"
                                                  " f=18446744073709551615 g=2 h=0.50\n");
}
END_TEST

START_TEST(cuts_no_character_and_no_pair)
{
    static char text[10000];
    for (size_t i = 0; i + 2 < sizeof(text); i += 2) {
        memcpy(text + i, "\xc3\xa9", 2);
    }
    log_configure("test", LOG_FORMAT_JSON, LOG_INFO);

    log_event(LOG_INFO, "handled", "a=b text=x\"%s\" end=%d", text, 7);

    const char *pairs = read_pairs("\"event\":\"handled\"");
    static const char end[] = "\xc3\xa9\",\"end\":\"7\"}\n";
    ck_assert_str_eq(pairs + strlen(pairs) - strlen(end), end);
}
END_TEST

START_TEST(writes_json_when_asked)
{
    log_configure("test", LOG_FORMAT_JSON, LOG_INFO);

    log_event(LOG_INFO, "handled", "reason=\"%s\" ms=%d", "say \"no\"\n", 3);

    ck_assert_str_eq(read_pairs("\"event\":\"handled\""),
                     ",\"reason\":\"say \\\"no\\\"\\u000a\",\"ms\":\"3\"}\n");
    ck_assert_int_eq(capture.line[0], '{');
}
END_TEST

START_TEST(cuts_what_is_too_long_and_still_ends_the_line)
{
    static char text[10000];
    memset(text, 'x', sizeof(text) - 1);

    log_event(LOG_INFO, "handled", "text=%s", text);

    const char *pairs = read_pairs("event=handled");
    ck_assert_int_eq(pairs[strlen(pairs) - 1], '\n');
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, writes_one_line_of_pairs);
    tcase_add_test(tests, drops_what_is_below_the_level);
    tcase_add_test(tests, lets_no_value_break_or_forge_a_line);
    tcase_add_loop_test(tests, lets_no_value_forge_a_pair, 0, ARRAY_COUNT(forgeries));
    tcase_add_test(tests, lets_no_value_forge_a_member);
    tcase_add_test(tests, writes_numbers_of_all_kinds);
    tcase_add_test(tests, cuts_no_character_and_no_pair);
    tcase_add_test(tests, writes_json_when_asked);
    tcase_add_test(tests, cuts_what_is_too_long_and_still_ends_the_line);
}
CHECK_MAIN("core.log", add_tests)
