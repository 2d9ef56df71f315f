/* Log lines, read back from standard error. */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/core/log.h"
#include "tests/support/check_main.h"

static char line[8192];
static int saved_stderr;
static int pipe_fds[2];

static void setup(void)
{
    ck_assert_int_eq(pipe(pipe_fds), 0);
    saved_stderr = dup(STDERR_FILENO);
    dup2(pipe_fds[1], STDERR_FILENO);
    log_configure("test", LOG_FORMAT_TEXT, LOG_INFO);
}

static void teardown(void)
{
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
}

/* the line after its head: what follows the event's name */
static const char *read_pairs(const char *event)
{
    ssize_t size = read(pipe_fds[0], line, sizeof(line) - 1);
    ck_assert_int_gt(size, 0);
    line[size] = '\0';
    const char *pairs = strstr(line, event);
    ck_assert_ptr_nonnull(pairs);
    return pairs + strlen(event);
}

START_TEST(writes_one_line_of_pairs)
{
    log_event(LOG_INFO, "handled", "message=%s ms=%d", "posts.create", 3);

    ck_assert_str_eq(read_pairs("event=handled"), " message=posts.create ms=3\n");
    ck_assert_ptr_nonnull(strstr(line, "level=info service=test"));
}
END_TEST

START_TEST(drops_what_is_below_the_level)
{
    log_event(LOG_DEBUG, "dropped", "a=%d", 1);
    log_event(LOG_ERROR, "kept", "a=%d", 1);

    ck_assert_str_eq(read_pairs("event=kept"), " a=1\n");
    ck_assert_ptr_null(strstr(line, "dropped"));
}
END_TEST

START_TEST(lets_no_value_break_or_forge_a_line)
{
    log_event(LOG_INFO, "handled", "reason=\"%s\" ms=%d", "a \"b\"\nlevel=error c", 3);

    ck_assert_str_eq(read_pairs("event=handled"),
                     " reason=\"a \\\"b\\\"\\x0alevel=error c\" ms=3\n");
}
END_TEST

START_TEST(writes_json_when_asked)
{
    log_configure("test", LOG_FORMAT_JSON, LOG_INFO);

    log_event(LOG_INFO, "handled", "reason=\"%s\" ms=%d", "say \"no\"\n", 3);

    ck_assert_str_eq(read_pairs("\"event\":\"handled\""),
                     ",\"reason\":\"say \\\"no\\\"\\u000a\",\"ms\":\"3\"}\n");
    ck_assert_int_eq(line[0], '{');
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
    tcase_add_test(tests, writes_json_when_asked);
    tcase_add_test(tests, cuts_what_is_too_long_and_still_ends_the_line);
}
CHECK_MAIN("core.log", add_tests)
