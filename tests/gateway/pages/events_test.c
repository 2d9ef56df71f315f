/* services/gateway/pages/events.h: who may listen to what goes on. */

#include "services/gateway/pages/events.h"

#include <string.h>

#include "tests/gateway/pages/visiting.h"
#include "tests/support/check_main.h"

#define EVENTS "/admin/operations/events"

static void begin(void)
{
    (void)events_responder.read_head(visited);
    events_responder.begin(visited);
}

static void expect_problem(int status, const char *detail)
{
    ck_assert_int_eq(visited->response.status, status);
    if (strstr(visited->response.body, detail) == NULL) {
        ck_abort_msg("no \"%s\" in:\n%s", detail, visited->response.body);
    }
}

START_TEST(asks_who_listens_and_takes_it_for_no_use_of_the_session)
{
    visit_as("GET", EVENTS);
    visit_signed_in();

    begin();

    ck_assert_str_eq(visit_asked(), "users.me");
    ck_assert(visited->call.is_unattended);
}
END_TEST

START_TEST(refuses_in_the_language_of_who_asks)
{
    visit_as("GET", EVENTS);
    test_add_header(visited, "Accept-Language", "de");

    begin();

    expect_problem(403, language_text(LANGUAGE_DE, "You are not logged in."));
    ck_assert_ptr_null(strstr(visited->response.body, "You are not logged in."));
}
END_TEST

START_TEST(refuses_at_once_where_too_much_comes)
{
    visit_as("GET", EVENTS);
    visit_signed_in();
    visited->http.body_size = 9 * 1024 * 1024;

    begin();

    ck_assert_str_eq(visit_asked(), "");
    expect_problem(413, "too much");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, visiting_setup, visiting_teardown);
    tcase_add_test(tests, asks_who_listens_and_takes_it_for_no_use_of_the_session);
    tcase_add_test(tests, refuses_in_the_language_of_who_asks);
    tcase_add_test(tests, refuses_at_once_where_too_much_comes);
}
CHECK_MAIN("gateway pages events", add_tests)
