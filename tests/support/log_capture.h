/* What is logged, to be read by a test: standard error is a pipe from log_capture_begin to
 * log_capture_end. */
#pragma once

#include <string.h>
#include <unistd.h>

#include "tests/support/check_main.h"

struct log_capture {
    int saved_stderr;
    int pipe_fds[2];
    char line[16384];
};

static inline void log_capture_begin(struct log_capture *capture)
{
    ck_assert_int_eq(pipe(capture->pipe_fds), 0);
    capture->saved_stderr = dup(STDERR_FILENO);
    ck_assert_int_ge(dup2(capture->pipe_fds[1], STDERR_FILENO), 0);
}

static inline void log_capture_end(struct log_capture *capture)
{
    ck_assert_int_ge(dup2(capture->saved_stderr, STDERR_FILENO), 0);
    close(capture->saved_stderr);
    close(capture->pipe_fds[0]);
    close(capture->pipe_fds[1]);
}

/* What follows `event` in what has been logged. */
static inline const char *log_capture_read(struct log_capture *capture, const char *event)
{
    ssize_t size = read(capture->pipe_fds[0], capture->line, sizeof(capture->line) - 1);
    ck_assert_int_gt(size, 0);
    capture->line[size] = '\0';
    const char *pairs = strstr(capture->line, event);
    ck_assert_ptr_nonnull(pairs);
    return pairs + strlen(event);
}
