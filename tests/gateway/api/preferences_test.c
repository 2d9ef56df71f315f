/* services/gateway/api/preferences.h; the gateway's own wait is 5 s */

#include "services/gateway/api/preferences.h"

#include <string.h>

#include "common/core/clock.h"
#include "services/gateway/api/api.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

#define FORM "application/x-www-form-urlencoded"

static struct request *request;

static void setup(void)
{
    test_gateway_init();
    request = NULL;
}

static void teardown(void)
{
    request_free(request);
}

static void ask(const char *method, const char *path, const char *form, const char *preference)
{
    request = test_request(method, path);
    test_set_body(request, FORM, form);
    test_add_header(request, "Prefer", "handling=strict");
    if (preference != NULL) {
        test_add_header(request, "prefer", preference);
    }
    expect_ok(api_read_head(request));
    expect_ok(api_read(request));
}

static void create(const char *preference)
{
    ask("POST", "/api/posts", "status=draft&title=a&content=b", preference);
}

static void log_in(const char *preference)
{
    ask("POST", "/api/login", "username=a%40b.c&password=secret", preference);
}

START_TEST(waits_and_says_what_it_heeds)
{
    static const struct {
        const char *preference;
        int64_t wait_ms;
        bool is_async;
        const char *applied;
    } cases[] = {
        {NULL, 5000, false, NULL},
        {"respond-async", 5000, true, "respond-async"},
        {"wait=3", 3000, false, "wait=3"},
        {"wait=0", 5000, true, "wait=0"},
        {"wait=5", 5000, false, NULL},
        {"wait=600", 5000, false, NULL},
        {"wait=-1", 5000, false, NULL},
        {"respond-async, wait=2", 2000, false, "wait=2"},
        {"respond-async, wait=600", 5000, false, NULL},
        {"wait=0, respond-async", 5000, true, "wait=0"},
    };
    create(cases[_i].preference);

    api_answer(request, CALL_PENDING, NULL);

    ck_assert_int_eq(request->call.wait_ms, cases[_i].wait_ms);
    ck_assert_int_eq(request->call.is_async, cases[_i].is_async);
    ck_assert_pstr_eq(test_response_header(request, "Preference-Applied"), cases[_i].applied);
}
END_TEST

START_TEST(does_not_leave_a_login_or_logout_waiting_for_its_session)
{
    if (_i == 0) {
        log_in("respond-async");
    } else {
        ask("POST", "/api/logout", "", "respond-async");
    }

    ck_assert(!request->call.is_async);
    ck_assert_int_eq(request->call.wait_ms, 5000);
}
END_TEST

START_TEST(shortens_the_wait_for_a_login_too)
{
    log_in("token, wait=1");
    const struct bus_message reply = {
        .content_type = "application/json",
        .type = "users.login.result",
        .body = "{\"user\":{\"id\":1,\"email\":\"a@b.c\",\"is_staff\":false}}",
        .body_size = strlen("{\"user\":{\"id\":1,\"email\":\"a@b.c\",\"is_staff\":false}}"),
    };

    api_answer(request, CALL_REPLIED, &reply);

    ck_assert_int_eq(request->call.wait_ms, 1000);
    ck_assert_str_eq(test_response_header(request, "Preference-Applied"), "wait=1, token");
}
END_TEST

START_TEST(lets_a_query_expire_with_its_wait)
{
    static const struct {
        const char *preference;
        int64_t wait_ms;
    } cases[] = {{"respond-async", 5000}, {"wait=2", 2000}, {"wait=0", 1}};
    int64_t before_ms = clock_wall_us() / 1000;
    ask("GET", "/api/posts", "", cases[_i].preference);

    const struct bus_header *deadline = &request->call.headers[request->call.header_count - 1];
    ck_assert(!request->call.is_async);
    ck_assert_int_eq(request->call.wait_ms, cases[_i].wait_ms);
    ck_assert_str_eq(deadline->name, "deadline");
    ck_assert_int_ge(deadline->integer, before_ms + cases[_i].wait_ms);
    ck_assert_int_le(deadline->integer, clock_wall_us() / 1000 + cases[_i].wait_ms);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, waits_and_says_what_it_heeds, 0, 10);
    tcase_add_loop_test(tests, does_not_leave_a_login_or_logout_waiting_for_its_session, 0, 2);
    tcase_add_test(tests, shortens_the_wait_for_a_login_too);
    tcase_add_loop_test(tests, lets_a_query_expire_with_its_wait, 0, 3);
}
CHECK_MAIN("gateway api preferences", add_tests)
