/* Settings: defaults and checks. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/core/settings.h"
#include "common/core/settings_file.h"
#include "common/core/settings_production.h"
#include "tests/support/check_main.h"

static struct settings settings;
static char folder[64]; /* with an empty test.env */

static void write_defaults(const char *name, const char *text, size_t size)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static void use_defaults(const char *text)
{
    write_defaults("test.env", text, strlen(text));
    setenv("CONFIG_DIR", folder, 1);
    setenv("POSTROOM_ENV", "test", 1);
}

static void make_folder(void)
{
    (void)snprintf(folder, sizeof(folder), "/tmp/settings_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0); /* no config in there */
}

static void remove_folder(void)
{
    static const char *const names[] = {"test.env", "production.env", "development.env"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        (void)unlink(names[i]);
    }
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

static void remove_folder_named_as_file(void)
{
    (void)rmdir("test.env");
}

static void setup(void)
{
    static const char *const names[] = {"WORKERS",    "LOG_FORMAT",     "POSTROOM_ENV", "HANDLERS",
                                        "CONFIG_DIR", "SECURE_COOKIES", "PUBLIC_URL"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        unsetenv(names[i]);
    }
    setenv("AMQP_URL", "amqp://postroom:9f2b7c@localhost", 1);
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

START_TEST(takes_defaults_from_the_file_of_the_environment)
{
    use_defaults("# of tests\nWORKERS=5\nLOG_FORMAT=json\n");

    settings_load(&settings, SETTINGS_COMMAND);

    ck_assert_int_eq(settings.workers, 5);
    ck_assert_int_eq(settings.log_format, LOG_FORMAT_JSON);
}
END_TEST

START_TEST(takes_what_has_to_be_set_from_the_file)
{
    unsetenv("SECRET_KEY");
    use_defaults("SECRET_KEY=insecure-key-of-tests-known-to-everybody\n");

    settings_load(&settings, SETTINGS_COMMAND);

    ck_assert_str_eq(settings.secret_key, "insecure-key-of-tests-known-to-everybody");
}
END_TEST

START_TEST(prefers_the_environment_to_the_file)
{
    setenv("WORKERS", "7", 1);
    use_defaults("WORKERS=5\n");

    settings_load(&settings, SETTINGS_COMMAND);

    ck_assert_int_eq(settings.workers, 7);
}
END_TEST

START_TEST(needs_no_folder_of_defaults)
{
    setenv("POSTROOM_ENV", "test", 1); /* and the working directory is empty */

    settings_load(&settings, SETTINGS_COMMAND);

    ck_assert_int_eq(settings.workers, 2);
}
END_TEST

START_TEST(exits_78_for_a_folder_that_is_named_and_not_there)
{
    setenv("CONFIG_DIR", "/nonexistent", 1);
    settings_load(&settings, SETTINGS_COMMAND);
}
END_TEST

START_TEST(exits_78_for_a_file_that_cannot_be_read)
{
    use_defaults("");
    ck_assert_int_eq(unlink("test.env"), 0);
    ck_assert_int_eq(mkdir("test.env", 0700), 0);
    (void)atexit(remove_folder_named_as_file);
    settings_load(&settings, SETTINGS_COMMAND);
}
END_TEST

static const char *const wrong_files[] = {
    "WORKERS=many\n",         "WORKER=5\n",     "WORKERS=5\nWORKERS=5\n", "LOG_FORMAT=xml\n",
    "POSTROOM_ENV=test\n",    "HTTP_LOOPS=0\n", /* although command-service does not read it */
    "CONFIG_DIR=elsewhere\n", "nonsense\n",
};

START_TEST(exits_78_for_a_file_that_is_wrong)
{
    use_defaults(wrong_files[_i]);
    settings_load(&settings, SETTINGS_COMMAND);
}
END_TEST

START_TEST(exits_78_for_a_file_that_is_too_long)
{
    static char text[SETTINGS_FILE_SIZE_MAX + 1];
    memset(text, '\n', sizeof(text));
    use_defaults("");
    write_defaults("test.env", text, sizeof(text));
    settings_load(&settings, SETTINGS_COMMAND);
}
END_TEST

START_TEST(reads_a_file_of_the_greatest_size)
{
    static char text[SETTINGS_FILE_SIZE_MAX];
    memset(text, '\n', sizeof(text));
    use_defaults("");
    write_defaults("test.env", text, sizeof(text));

    settings_load(&settings, SETTINGS_COMMAND);

    ck_assert_int_eq(settings.workers, 2);
}
END_TEST

START_TEST(makes_cookies_secure_in_production_only)
{
    static const struct {
        const char *environment, *setting;
        enum secure_cookies expected;
    } cases[] = {
        {"production", NULL, SECURE_COOKIES_YES},   {"production", "yes", SECURE_COOKIES_YES},
        {"production", "auto", SECURE_COOKIES_YES}, {"development", NULL, SECURE_COOKIES_NO},
        {"development", "yes", SECURE_COOKIES_YES}, {"test", "auto", SECURE_COOKIES_NO},
        {"test", "no", SECURE_COOKIES_NO},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        setenv("POSTROOM_ENV", cases[i].environment, 1);
        if (cases[i].setting == NULL) {
            unsetenv("SECURE_COOKIES");
        } else {
            setenv("SECURE_COOKIES", cases[i].setting, 1);
        }

        settings_load(&settings, SETTINGS_GATEWAY);

        ck_assert_int_eq(settings.secure_cookies, cases[i].expected);
    }
}
END_TEST

START_TEST(exits_78_for_a_secret_of_development_in_production)
{
    setenv("POSTROOM_ENV", "production", 1);
    setenv("SECRET_KEY", "insecure-key-of-development-known-to-everybody", 1);
    settings_load(&settings, SETTINGS_COMMAND);
}
END_TEST

START_TEST(exits_78_for_plain_cookies_in_production)
{
    setenv("POSTROOM_ENV", "production", 1);
    setenv("SECURE_COOKIES", "no", 1);
    settings_load(&settings, SETTINGS_GATEWAY);
}
END_TEST

START_TEST(takes_a_secret_of_development_while_developing)
{
    setenv("SECRET_KEY", "insecure-key-of-development-known-to-everybody", 1);

    settings_load(&settings, SETTINGS_COMMAND);

    ck_assert(settings_is_weak_key(settings.secret_key));
}
END_TEST

/* What is shipped can be read, and what is secret in it is refused in production. */
START_TEST(reads_the_files_that_are_shipped)
{
    static const char *const environments[] = {"development", "test", "production"};
    bool has_key = _i < 2;
    if (has_key) {
        unsetenv("SECRET_KEY");
    }
    setenv("CONFIG_DIR", getenv("SETTINGS_FOLDER"), 1);
    setenv("POSTROOM_ENV", environments[_i], 1);

    settings_load(&settings, SETTINGS_COMMAND | SETTINGS_GATEWAY);

    ck_assert_int_eq(settings_is_weak_key(settings.secret_key), has_key);
    ck_assert_int_eq(settings.secure_cookies, has_key ? SECURE_COOKIES_NO : SECURE_COOKIES_YES);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, make_folder, remove_folder);
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, fills_in_defaults);
    tcase_add_test(tests, reads_the_environment);
    tcase_add_test(tests, leaves_alone_what_a_service_does_not_read);
    tcase_add_exit_test(tests, exits_78_for_a_missing_setting, EXIT_CONFIGURATION);
    tcase_add_exit_test(tests, exits_78_for_a_number_out_of_range, EXIT_CONFIGURATION);
    tcase_add_exit_test(tests, exits_78_for_a_text_that_is_no_number, EXIT_CONFIGURATION);
    tcase_add_exit_test(tests, exits_78_for_an_unknown_choice, EXIT_CONFIGURATION);
    tcase_add_exit_test(tests, exits_78_for_a_short_secret, EXIT_CONFIGURATION);
    tcase_add_test(tests, takes_defaults_from_the_file_of_the_environment);
    tcase_add_test(tests, takes_what_has_to_be_set_from_the_file);
    tcase_add_test(tests, prefers_the_environment_to_the_file);
    tcase_add_test(tests, needs_no_folder_of_defaults);
    tcase_add_exit_test(tests, exits_78_for_a_folder_that_is_named_and_not_there,
                        EXIT_CONFIGURATION);
    tcase_add_exit_test(tests, exits_78_for_a_file_that_cannot_be_read, EXIT_CONFIGURATION);
    tcase_add_loop_exit_test(tests, exits_78_for_a_file_that_is_wrong, EXIT_CONFIGURATION, 0,
                             ARRAY_COUNT(wrong_files));
    tcase_add_exit_test(tests, exits_78_for_a_file_that_is_too_long, EXIT_CONFIGURATION);
    tcase_add_test(tests, reads_a_file_of_the_greatest_size);
    tcase_add_test(tests, makes_cookies_secure_in_production_only);
    tcase_add_exit_test(tests, exits_78_for_a_secret_of_development_in_production,
                        EXIT_CONFIGURATION);
    tcase_add_exit_test(tests, exits_78_for_plain_cookies_in_production, EXIT_CONFIGURATION);
    tcase_add_test(tests, takes_a_secret_of_development_while_developing);
    tcase_add_loop_test(tests, reads_the_files_that_are_shipped, 0, 3);
}
CHECK_MAIN("core.settings", add_tests)
