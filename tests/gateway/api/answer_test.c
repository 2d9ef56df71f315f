/* services/gateway/api/api.h: from outcome to response */

#include <string.h>

#include "services/gateway/api/api.h"
#include "tests/gateway/api/answering.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

#define SUMMARY                                                                                    \
    "{\"id\":7,\"title\":\"t\",\"status\":\"draft\",\"created_at\":\"" TIME                        \
    "\",\"author\":" AUTHOR "}"
#define USER "{\"id\":1,\"email\":\"a@b.c\",\"is_staff\":false}"

START_TEST(shows_a_post_as_it_came_and_where_it_is)
{
    ask("POST", "/api/posts", "title=t&content=c&status=draft");

    answer("posts.create.result", "{\"post\": " POST " }");

    expect_response(201, POST);
    ck_assert_str_eq(test_response_header(request, "Location"), "/api/posts/7");
    ck_assert_str_eq(test_response_header(request, "Content-Type"), "application/json");
}
END_TEST

START_TEST(shows_the_fields_the_contract_names)
{
    ask("GET", "/api/posts", NULL);

    answer("posts.list.result", "{\"posts\":[" SUMMARY "],\"next_cursor\":null}");

    expect_response(200, "[{\"id\":7,\"title\":\"t\",\"created_at\":\"" TIME "\",\"author\":" AUTHOR
                         "}]");
    ck_assert_ptr_null(test_response_header(request, "Link"));
}
END_TEST

START_TEST(shows_an_empty_list)
{
    ask("GET", "/api/posts", NULL);

    answer("posts.list.result", "{\"posts\":[],\"next_cursor\":null}");

    expect_response(200, "[]");
}
END_TEST

START_TEST(shows_all_fields_of_ones_own_posts)
{
    ask("GET", "/api/posts/my", NULL);

    answer("posts.my.result", "{\"posts\":[" SUMMARY "],\"next_cursor\":null}");

    expect_response(200, "[" SUMMARY "]");
}
END_TEST

START_TEST(links_to_the_next_page_with_the_other_parameters)
{
    ask("GET", "/api/posts?cursor=old&author=3&limit=5", NULL);

    answer("posts.list.result", "{\"posts\":[],\"next_cursor\":\"a+b=\"}");

    ck_assert_str_eq(test_response_header(request, "Link"),
                     "</api/posts?author=3&limit=5&cursor=a%2Bb%3D>; rel=\"next\"");
}
END_TEST

START_TEST(shows_nothing_of_what_is_deleted)
{
    ask("DELETE", "/api/posts/7", NULL);

    answer("posts.delete.result", "{}");

    expect_response(204, "");
    ck_assert_ptr_null(test_response_header(request, "Content-Type"));
}
END_TEST

START_TEST(gives_the_browser_the_session_that_was_started)
{
    char expected[128];
    log_in();
    (void)snprintf(expected, sizeof(expected), "session=%s; ", request->session.token);

    answer("users.login.result", "{\"user\":" USER "}");

    expect_response(200, "{\"id\":1,\"email\":\"a@b.c\"}");
    const char *cookie = test_response_header(request, "Set-Cookie");
    ck_assert_int_eq(strncmp(cookie, expected, strlen(expected)), 0);
    ck_assert_ptr_null(test_response_header(request, "Preference-Applied"));
}
END_TEST

START_TEST(shows_the_token_to_those_who_prefer_it)
{
    char expected[128];
    log_in();
    test_add_header(request, "Prefer", "token");
    (void)snprintf(expected, sizeof(expected), "{\"id\":1,\"email\":\"a@b.c\",\"token\":\"%s\"}",
                   request->session.token);

    answer("users.login.result", "{\"user\":" USER "}");

    expect_response(200, expected);
    ck_assert_str_eq(test_response_header(request, "Preference-Applied"), "token");
}
END_TEST

START_TEST(starts_no_session_when_the_login_failed)
{
    log_in();
    test_add_header(request, "Prefer", "token");
    reply.content_type = "application/problem+json";

    answer("problem", "{\"code\":\"authentication_failed\"}");

    expect_response(401, "{\"code\":\"authentication_failed\"}");
    ck_assert_str_eq(test_response_header(request, "WWW-Authenticate"), "Bearer");
    ck_assert_ptr_null(test_response_header(request, "Set-Cookie"));
    ck_assert_ptr_null(test_response_header(request, "Preference-Applied"));
}
END_TEST

START_TEST(says_how_long_to_wait_after_too_many_attempts)
{
    log_in();
    reply.content_type = "application/problem+json";

    answer("problem", "{\"code\":\"too_many_attempts\",\"retry_after\":17}");

    expect_response(429, "{\"code\":\"too_many_attempts\",\"retry_after\":17}");
    ck_assert_str_eq(test_response_header(request, "Retry-After"), "17");
}
END_TEST

START_TEST(takes_the_cookie_away_when_the_session_has_ended)
{
    ask("POST", "/api/logout", NULL);

    answer("users.logout.result", "{}");

    expect_response(200, "{}");
    ck_assert_ptr_nonnull(strstr(test_response_header(request, "Set-Cookie"), "Max-Age=0"));
}
END_TEST

START_TEST(passes_problems_on_with_their_status)
{
    static const struct {
        const char *body;
        int status;
        const char *retry_after;
    } cases[] = {
        {"{\"code\":\"not_found\",\"extra\":1}", 404, NULL},
        {"{\"code\":\"access_denied\"}", 403, NULL},
        {"{\"code\":\"idempotency_mismatch\"}", 422, NULL},
        {"{\"code\":\"unavailable\"}", 503, "1"},
        {"{\"code\":\"expired\"}", 503, "1"},
    };
    ask("GET", "/api/posts/7", NULL);
    reply.content_type = "application/problem+json";

    answer("problem", cases[_i].body);

    expect_response(cases[_i].status, cases[_i].body);
    ck_assert_pstr_eq(test_response_header(request, "Retry-After"), cases[_i].retry_after);
    ck_assert_str_eq(test_response_header(request, "Content-Type"), "application/problem+json");
}
END_TEST

START_TEST(does_not_pass_on_what_it_does_not_understand)
{
    static const struct {
        const char *content_type;
        const char *type;
        const char *body;
    } cases[] = {
        {"application/json", "posts.list.result", "{\"posts\":[]}"},
        {"application/json", "posts.list.result", "{\"next_cursor\":null}"},
        {"application/json", "posts.list.result", "rubbish"},
        {"application/json", "posts.list.result", ""},
        {"application/json", "posts.my.result", "{\"posts\":[],\"next_cursor\":null}"},
        {"application/json", "posts.list", "{\"posts\":[],\"next_cursor\":null}"},
        {"application/json", NULL, "{\"posts\":[],\"next_cursor\":null}"},
        {"text/plain", "posts.list.result", "{\"posts\":[],\"next_cursor\":null}"},
        {NULL, "posts.list.result", "{\"posts\":[],\"next_cursor\":null}"},
        {"application/problem+json", "problem", "{\"code\":\"strange\"}"},
        {"application/problem+json", "problem", "rubbish"},
    };
    ask("GET", "/api/posts", NULL);
    reply.content_type = cases[_i].content_type;

    answer(cases[_i].type, cases[_i].body);

    expect_code(500, "internal");
    ck_assert_ptr_null(test_response_header(request, "Link"));
}
END_TEST

START_TEST(passes_on_an_internal_problem_with_its_reason)
{
    ask("POST", "/api/logout", NULL);
    reply.content_type = "application/problem+json";

    answer("problem", "{\"code\":\"internal\",\"detail\":\"it has ended its worker 3 times\"}");

    expect_code(500, "internal");
    ck_assert_ptr_nonnull(strstr(request->response.body, "ended its worker"));
}
END_TEST

START_TEST(does_not_pass_on_a_malformed_reply)
{
    ask("POST", "/api/logout", NULL);
    reply.is_malformed = _i == 0;
    reply.is_too_large = _i == 1;

    answer("users.logout.result", "{}");

    expect_code(500, "internal");
    ck_assert_ptr_null(test_response_header(request, "Set-Cookie"));
}
END_TEST

START_TEST(asks_to_try_again_when_nobody_answers)
{
    ask("GET", "/api/posts/7", NULL);

    api_answer(request, CALL_UNAVAILABLE, NULL);

    expect_code(503, "unavailable");
    ck_assert_str_eq(test_response_header(request, "Retry-After"), "1");
}
END_TEST

START_TEST(tells_every_client_what_it_is_told)
{
    ask("GET", "/api/posts/7", NULL);

    api_answer(request, _i == 0 ? CALL_UNAVAILABLE : CALL_PENDING, NULL);

    ck_assert_str_eq(test_response_header(request, "X-Request-ID"), "test");
    ck_assert_str_eq(test_response_header(request, "Cache-Control"), "no-store");
    ck_assert_str_eq(test_response_header(request, "X-Content-Type-Options"), "nosniff");
}
END_TEST

START_TEST(refuses_with_all_that_is_wrong)
{
    request = test_request("POST", "/api/posts");
    expect_ok(api_read_head(request));
    expect_err(ERR_INVALID_INPUT, api_read(request));

    api_refuse(request);

    expect_code(400, "invalid_input");
    ck_assert_str_eq(test_response_header(request, "X-Request-ID"), "test");
    ck_assert_ptr_nonnull(strstr(request->response.body, "\"title\":[\"is required\"]"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, answering_setup, answering_teardown);
    tcase_add_test(tests, shows_a_post_as_it_came_and_where_it_is);
    tcase_add_test(tests, shows_the_fields_the_contract_names);
    tcase_add_test(tests, shows_an_empty_list);
    tcase_add_test(tests, shows_all_fields_of_ones_own_posts);
    tcase_add_test(tests, links_to_the_next_page_with_the_other_parameters);
    tcase_add_test(tests, shows_nothing_of_what_is_deleted);
    tcase_add_test(tests, gives_the_browser_the_session_that_was_started);
    tcase_add_test(tests, shows_the_token_to_those_who_prefer_it);
    tcase_add_test(tests, starts_no_session_when_the_login_failed);
    tcase_add_test(tests, says_how_long_to_wait_after_too_many_attempts);
    tcase_add_test(tests, takes_the_cookie_away_when_the_session_has_ended);
    tcase_add_loop_test(tests, passes_problems_on_with_their_status, 0, 5);
    tcase_add_loop_test(tests, does_not_pass_on_what_it_does_not_understand, 0, 11);
    tcase_add_test(tests, passes_on_an_internal_problem_with_its_reason);
    tcase_add_loop_test(tests, does_not_pass_on_a_malformed_reply, 0, 2);
    tcase_add_test(tests, asks_to_try_again_when_nobody_answers);
    tcase_add_loop_test(tests, tells_every_client_what_it_is_told, 0, 2);
    tcase_add_test(tests, refuses_with_all_that_is_wrong);
}
CHECK_MAIN("gateway api answer", add_tests)
