/* settings_production: keys and passwords that everybody knows are refused, others are not. */

#include "common/core/settings_production.h"
#include "tests/support/check_main.h"

#define KEY "5b1de0c2f7a94e38b6c0d1725f3e8a94"

static struct settings settings;

static void setup(void)
{
    settings = (struct settings){
        .amqp_url = "amqp://postroom:9f2b7c@broker/",
        .database_url = "postgresql://postroom:1c8e44@database/postroom",
        .secret_key = KEY,
        .public_url = "https://example.org",
        .secure_cookies = SECURE_COOKIES_AUTO,
    };
}

START_TEST(takes_settings_of_its_own)
{
    ck_assert_ptr_null(settings_production_complaint(&settings));
}
END_TEST

START_TEST(takes_what_a_service_does_not_read)
{
    settings = (struct settings){.amqp_url = "amqp://postroom:9f2b7c@broker/"};

    ck_assert_ptr_null(settings_production_complaint(&settings));
}
END_TEST

static const char *const weak_keys[] = {
    "insecure-key-of-development-known-to-everybody",
    "insecure-5b1de0c2f7a94e38b6c0d1725f3e8a94",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "changechangechangechangechangechange",
    "12345123451234512345123451234512345",
};

START_TEST(refuses_a_weak_key)
{
    settings.secret_key = weak_keys[_i];

    ck_assert_ptr_nonnull(settings_production_complaint(&settings));
}
END_TEST

static const char *const known[] = {
    "amqp://guest:guest@localhost:5672/",
    "amqp://guest:%67uest@localhost:5672/",
    "amqp://postroom:GUEST@localhost",
    "amqp://postroom:@localhost",
    "postgresql://postgres:postgres@localhost/postroom",
    "postgresql://somebody:somebody@localhost/postroom",
    "postgresql://localhost/postroom?user=postroom&password=postroom",
    "postgresql://localhost/postroom?password=changeme",
    "postgresql://postroom:insecure-1c8e44@localhost/postroom",
    "host=localhost user=ann password=ann",
    "password='secret' host=localhost",
};

static const char *const own[] = {
    "amqp://guest:9f2b7c@localhost:5672/",
    "amqp://postroom:postroom9f2b7c@localhost",
    "amqps://broker.example.org:5671/guest:guest@",
    "postgresql:///postroom",
    "postgresql://postroom@localhost/postroom",
    "postgresql://postroom:1c8e44@localhost/postroom?application_name=password",
    "host=/run/postgresql dbname=postroom",
    "",
};

START_TEST(knows_what_everybody_knows)
{
    ck_assert_msg(settings_has_known_password(known[_i]), "taken: %s", known[_i]);
}
END_TEST

START_TEST(leaves_other_passwords_alone)
{
    ck_assert_msg(!settings_has_known_password(own[_i]), "refused: %s", own[_i]);
}
END_TEST

static const char *const guests[] = {
    "amqp://guest:guest@localhost:5672/",
    "amqp://localhost",
    "amqp://localhost/@",
    "amqp://guest@localhost/",
    "amqp://alice@localhost/", /* logs in with guest's password */
    "amqps://alice@localhost/a:b@c",
    "amqp://alice@localhost/?password=9f2b7c",
};

START_TEST(refuses_the_guest_of_a_fresh_broker)
{
    settings.amqp_url = guests[_i];

    ck_assert_ptr_nonnull(settings_production_complaint(&settings));
}
END_TEST

START_TEST(refuses_a_known_password_of_the_database)
{
    settings.database_url = "postgresql://postgres:postgres@database/postroom";

    ck_assert_ptr_nonnull(settings_production_complaint(&settings));
}
END_TEST

START_TEST(refuses_cookies_in_plain_text)
{
    settings.secure_cookies = SECURE_COOKIES_NO;

    ck_assert_ptr_nonnull(settings_production_complaint(&settings));
}
END_TEST

START_TEST(refuses_a_public_address_in_plain_text)
{
    settings.public_url = "http://example.org";

    ck_assert_ptr_nonnull(settings_production_complaint(&settings));
}
END_TEST

START_TEST(needs_no_public_address)
{
    settings.public_url = "";

    ck_assert_ptr_null(settings_production_complaint(&settings));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, takes_settings_of_its_own);
    tcase_add_test(tests, takes_what_a_service_does_not_read);
    tcase_add_loop_test(tests, refuses_a_weak_key, 0, ARRAY_COUNT(weak_keys));
    tcase_add_loop_test(tests, knows_what_everybody_knows, 0, ARRAY_COUNT(known));
    tcase_add_loop_test(tests, leaves_other_passwords_alone, 0, ARRAY_COUNT(own));
    tcase_add_loop_test(tests, refuses_the_guest_of_a_fresh_broker, 0, ARRAY_COUNT(guests));
    tcase_add_test(tests, refuses_a_known_password_of_the_database);
    tcase_add_test(tests, refuses_cookies_in_plain_text);
    tcase_add_test(tests, refuses_a_public_address_in_plain_text);
    tcase_add_test(tests, needs_no_public_address);
}
CHECK_MAIN("core.settings_production", add_tests)
