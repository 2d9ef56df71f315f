/* Connecting to what is no database: nothing there, a black hole, a wrong address. Needs no server.
 */

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/core/clock.h"
#include "common/postgres/postgres.h"
#include "tests/support/check_main.h"

enum { BOUND_MS = 300, SLACK_MS = 1500 };

static const struct postgres_statement one = {"t_one", "SELECT 1::int8"};

static char url[128];
static int listener;

/* A socket that takes connections and never says a word. */
static void setup(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(listener, 8), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    (void)snprintf(url, sizeof(url), "postgresql://somebody:secret@127.0.0.1:%d/postroom",
                   ntohs(address.sin_port));
}

static void teardown(void)
{
    (void)close(listener);
}

static enum err try_to_connect(int64_t *ret_took_ms, char ret_trouble[512])
{
    struct postgres *db = postgres_new(&(struct postgres_options){
        .url = url, .application_name = "connect test", .connect_timeout_ms = BOUND_MS});
    int64_t started_ms = clock_monotonic_ms();
    enum err err = postgres_execute(db, &one, NULL, NULL);
    *ret_took_ms = clock_monotonic_ms() - started_ms;
    (void)snprintf(ret_trouble, 512, "%s", postgres_trouble(db));
    postgres_free(db);
    return err;
}

START_TEST(a_black_hole_is_given_up_in_time)
{
    int64_t took_ms;
    char trouble[512];

    expect_err(ERR_UNAVAILABLE, try_to_connect(&took_ms, trouble));

    ck_assert_int_ge(took_ms, BOUND_MS - 50);
    ck_assert_int_lt(took_ms, BOUND_MS + SLACK_MS);
    ck_assert_str_ne(trouble, "");
}
END_TEST

START_TEST(a_server_that_is_not_there_is_unavailable_at_once)
{
    int64_t took_ms;
    char trouble[512];
    (void)close(listener);

    expect_err(ERR_UNAVAILABLE, try_to_connect(&took_ms, trouble));

    ck_assert_int_lt(took_ms, BOUND_MS);
    ck_assert_ptr_nonnull(strstr(trouble, "refused"));
    ck_assert_ptr_null(strstr(trouble, "secret"));
    ck_assert_ptr_null(strchr(trouble, '\n'));
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}
END_TEST

START_TEST(connection_strings_of_both_forms_are_valid)
{
    ck_assert(postgres_url_is_valid("postgresql://user:password@host:5432/name"));
    ck_assert(postgres_url_is_valid("postgres://host/name?sslmode=require"));
    ck_assert(postgres_url_is_valid("postgresql://one,two/name?target_session_attrs=read-write"));
    ck_assert(postgres_url_is_valid("host=localhost dbname=postroom"));
}
END_TEST

START_TEST(other_strings_are_not_valid)
{
    ck_assert(!postgres_url_is_valid("nonsense"));
    ck_assert(!postgres_url_is_valid("mysql://host/name"));
    ck_assert(!postgres_url_is_valid("postgresql://host/name?colour=red"));
    ck_assert(!postgres_url_is_valid("postgresql://[::1/name"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_black_hole_is_given_up_in_time);
    tcase_add_test(tests, a_server_that_is_not_there_is_unavailable_at_once);
    tcase_add_test(tests, connection_strings_of_both_forms_are_valid);
    tcase_add_test(tests, other_strings_are_not_valid);
}
CHECK_MAIN("postgres connect", add_tests)
