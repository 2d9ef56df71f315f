/* amqp:// URLs. */

#include "common/bus/amqp_url.h"

#include "common/bus/amqp_bus.h"
#include "support/check_main.h"

static void expect_url(const char *text, const char *user, const char *password, const char *host,
                       int port, const char *vhost)
{
    struct amqp_url url;
    ck_assert_msg(amqp_url_parse(text, &url), "%s", text);
    ck_assert_str_eq(url.user, user);
    ck_assert_str_eq(url.password, password);
    ck_assert_str_eq(url.host, host);
    ck_assert_int_eq(url.port, port);
    ck_assert_str_eq(url.vhost, vhost);
    amqp_url_free(&url);
}

START_TEST(takes_a_whole_url_apart)
{
    expect_url("amqp://user:pass@broker.example:5673/my", "user", "pass", "broker.example", 5673,
               "my");
}
END_TEST

START_TEST(fills_in_what_is_left_out)
{
    expect_url("amqp://broker", "guest", "guest", "broker", 5672, "/");
    expect_url("amqp://broker/", "guest", "guest", "broker", 5672, "/");
    expect_url("amqp://user:pass@broker", "user", "pass", "broker", 5672, "/");
}
END_TEST

START_TEST(decodes_percent_encoding)
{
    expect_url("amqp://us%40er:p%2Fa%3As%25@broker/%2Fa%20b", "us@er", "p/a:s%", "broker", 5672,
               "/a b");
}
END_TEST

START_TEST(takes_addresses)
{
    expect_url("amqp://127.0.0.1:5672", "guest", "guest", "127.0.0.1", 5672, "/");
    expect_url("amqp://u:p@[::1]:5673/v", "u", "p", "::1", 5673, "v");
}
END_TEST

START_TEST(refuses_what_is_no_amqp_url)
{
    const char *const bad[] = {
        "",
        "broker",
        "amqps://broker", /* TLS is not spoken here */
        "http://broker",
        "amqp://",
        "amqp://:5672",
        "amqp://broker:",
        "amqp://broker:port",
        "amqp://broker:0",
        "amqp://broker:65536",
        "amqp://broker/a/b",
        "amqp://broker/%",
        "amqp://broker/%zz",
        "amqp://broker/%00",
        "amqp://user:pass@",
        "amqp://broker ",
        "amqp://broker?heartbeat=1",
        "amqp://[::1",
    };
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        ck_assert_msg(!amqp_url_is_valid(bad[i]), "%s", bad[i]);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, takes_a_whole_url_apart);
    tcase_add_test(tests, fills_in_what_is_left_out);
    tcase_add_test(tests, decodes_percent_encoding);
    tcase_add_test(tests, takes_addresses);
    tcase_add_test(tests, refuses_what_is_no_amqp_url);
}
CHECK_MAIN("AMQP URL", add_tests)
