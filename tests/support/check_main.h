/*
 * The main of a libcheck suite: one test executable is one file is one suite.
 *
 *     static void add_tests(TCase *tests)
 *     {
 *         tcase_add_checked_fixture(tests, setup, teardown);
 *         tcase_add_test(tests, refuses_an_anonymous_caller);
 *     }
 *     CHECK_MAIN("posts.create", add_tests)
 */
#pragma once

#include <check.h>
#include <stdlib.h>

#include "common/core/err.h"

#define CHECK_MAIN(name, add_tests)                                                                \
    int main(void)                                                                                 \
    {                                                                                              \
        Suite *suite = suite_create(name);                                                         \
        TCase *tests = tcase_create(name);                                                         \
        tcase_set_timeout(tests, 120);                                                             \
        add_tests(tests);                                                                          \
        suite_add_tcase(suite, tests);                                                             \
        SRunner *runner = srunner_create(suite);                                                   \
        srunner_run_all(runner, CK_NORMAL);                                                        \
        int failed = srunner_ntests_failed(runner);                                                \
        srunner_free(runner);                                                                      \
        return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;                                          \
    }

/* Errors by name in failures: "NOT_FOUND", not 5. */
static inline const char *check_err_name(enum err err)
{
    return err == OK ? "OK" : err_info(err)->name;
}

#define expect_err(expected, actual)                                                               \
    ck_assert_str_eq(check_err_name(expected), check_err_name(actual))
#define expect_ok(actual) expect_err(OK, actual)
