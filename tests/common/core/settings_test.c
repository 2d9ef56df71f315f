/* Settings: defaults, checks, and the document that lists them. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/core/settings.h"
#include "tests/support/check_main.h"

static struct settings settings;

static void setup(void)
{
    static const char *const names[] = {"WORKERS", "LOG_FORMAT", "POSTROOM_ENV", "HANDLERS"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        unsetenv(names[i]);
    }
    setenv("AMQP_URL", "amqp://localhost", 1);
    setenv("DATABASE_URL", "postgresql://localhost/test", 1);
    setenv("SECRET_KEY", "0123456789abcdef0123456789abcdef", 1);
    setenv("EMAIL_URL", "file:///tmp", 1);
}

START_TEST(fills_in_defaults)
{
    settings_load(&settings, SETTINGS_COMMAND);

    ck_assert_int_eq(settings.workers, 2);
    ck_assert_str_eq(settings.handlers, "*");
    ck_assert_str_eq(settings.environment, "development");
    ck_assert_int_eq(settings.log_format, LOG_FORMAT_TEXT);
}
END_TEST

START_TEST(reads_the_environment)
{
    setenv("WORKERS", "7", 1);
    setenv("LOG_FORMAT", "json", 1);
    setenv("POSTROOM_ENV", "production", 1);

    settings_load(&settings, SETTINGS_COMMAND);

    ck_assert_int_eq(settings.workers, 7);
    ck_assert_int_eq(settings.log_format, LOG_FORMAT_JSON);
    ck_assert_str_eq(settings.environment, "production");
}
END_TEST

START_TEST(leaves_alone_what_a_service_does_not_read)
{
    setenv("WORKERS", "many", 1);

    settings_load(&settings, SETTINGS_GATEWAY);

    ck_assert_int_eq(settings.workers, 0);
}
END_TEST

START_TEST(exits_78_for_a_missing_setting)
{
    unsetenv("AMQP_URL");
    settings_load(&settings, SETTINGS_COMMAND);
}
END_TEST

START_TEST(exits_78_for_a_number_out_of_range)
{
    setenv("WORKERS", "0", 1);
    settings_load(&settings, SETTINGS_COMMAND);
}
END_TEST

START_TEST(exits_78_for_a_text_that_is_no_number)
{
    setenv("WORKERS", "2x", 1);
    settings_load(&settings, SETTINGS_COMMAND);
}
END_TEST

START_TEST(exits_78_for_an_unknown_choice)
{
    setenv("LOG_FORMAT", "xml", 1);
    settings_load(&settings, SETTINGS_COMMAND);
}
END_TEST

START_TEST(exits_78_for_a_short_secret)
{
    setenv("SECRET_KEY", "short", 1);
    settings_load(&settings, SETTINGS_COMMAND);
}
END_TEST

START_TEST(the_document_holds_the_table)
{
    static char expected[65536];
    static char document[131072];
    FILE *memory = fmemopen(expected, sizeof(expected) - 1, "w");
    settings_print_markdown(memory);
    ck_assert_int_eq(fclose(memory), 0);
    FILE *file = fopen(getenv("SETTINGS_DOCUMENT"), "r");
    ck_assert_ptr_nonnull(file);
    document[fread(document, 1, sizeof(document) - 1, file)] = '\0';
    ck_assert_int_eq(fclose(file), 0);

    ck_assert_msg(strstr(document, expected) != NULL,
                  "docs/configuration.md does not hold the table of settings; it should be:\n%s",
                  expected);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, fills_in_defaults);
    tcase_add_test(tests, reads_the_environment);
    tcase_add_test(tests, leaves_alone_what_a_service_does_not_read);
    tcase_add_exit_test(tests, exits_78_for_a_missing_setting, EXIT_CONFIGURATION);
    tcase_add_exit_test(tests, exits_78_for_a_number_out_of_range, EXIT_CONFIGURATION);
    tcase_add_exit_test(tests, exits_78_for_a_text_that_is_no_number, EXIT_CONFIGURATION);
    tcase_add_exit_test(tests, exits_78_for_an_unknown_choice, EXIT_CONFIGURATION);
    tcase_add_exit_test(tests, exits_78_for_a_short_secret, EXIT_CONFIGURATION);
    tcase_add_test(tests, the_document_holds_the_table);
}
CHECK_MAIN("core.settings", add_tests)
