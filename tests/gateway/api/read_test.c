/* services/gateway/api/api.h: from request to message */

#include <string.h>

#include "common/core/clock.h"
#include "services/gateway/api/api.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

#define JSON "application/json"
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

static enum err read_request(void)
{
    if (api_read_head(request) != OK) {
        return request->problem.err;
    }
    return api_read(request);
}

static void create(const char *content_type, const char *body)
{
    request = test_request("POST", "/api/posts");
    test_set_body(request, content_type, body);
}

static void expect_message(const char *name, const char *body)
{
    ck_assert_str_eq(request->call.contract->name, name);
    ck_assert_uint_eq(request->call.body_size, strlen(body));
    ck_assert_str_eq(request->call.body, body);
}

START_TEST(makes_a_message_of_json)
{
    create(JSON "; charset=utf-8", "{\"status\": \"draft\", \"title\": \"a\", \"content\": \"b\"}");

    expect_ok(read_request());

    expect_message("posts.create", "{\"title\":\"a\",\"content\":\"b\",\"status\":\"draft\"}");
}
END_TEST

START_TEST(makes_the_same_message_of_a_form)
{
    create(FORM, "status=draft&title=a&content=%62+%C3%A4");

    expect_ok(read_request());

    expect_message("posts.create",
                   "{\"title\":\"a\",\"content\":\"b \xc3\xa4\",\"status\":\"draft\"}");
}
END_TEST

START_TEST(puts_path_and_body_together)
{
    request = test_request("PATCH", "/api/posts/7");
    test_set_body(request, JSON, "{\"title\":\"a\"}");

    expect_ok(read_request());

    expect_message("posts.update", "{\"post_id\":7,\"title\":\"a\"}");
}
END_TEST

START_TEST(puts_the_query_string_and_defaults_together)
{
    request = test_request("GET", "/api/posts?author=3&cursor=a%2Bb");

    expect_ok(read_request());

    expect_message("posts.list", "{\"author\":3,\"cursor\":\"a+b\",\"limit\":20}");
}
END_TEST

START_TEST(takes_no_body_for_an_empty_one_of_any_type)
{
    request = test_request("POST", "/api/logout");
    test_set_body(request, "text/plain", "");

    expect_ok(read_request());

    expect_message("users.logout", "{}");
}
END_TEST

START_TEST(takes_an_empty_object_where_no_fields_are_known)
{
    request = test_request("DELETE", "/api/posts/7");
    test_set_body(request, JSON, " {} ");

    expect_ok(read_request());

    expect_message("posts.delete", "{\"post_id\":7}");
}
END_TEST

START_TEST(refuses_fields_where_none_are_known)
{
    static const char *const bodies[][2] = {{JSON, "{\"post_id\":7}"}, {FORM, "post_id=7"}};
    static const char *const methods[] = {"DELETE", "GET"};
    request = test_request(methods[_i / 2], "/api/posts/7");
    test_set_body(request, bodies[_i % 2][0], bodies[_i % 2][1]);

    expect_err(ERR_INVALID_INPUT, read_request());

    ck_assert_str_eq(test_errors(request, "post_id"), "is not a known field");
}
END_TEST

START_TEST(says_all_that_is_wrong_at_once)
{
    create(JSON, "{\"title\":\" \",\"status\":\"secret\",\"author\":1}");

    expect_err(ERR_INVALID_INPUT, read_request());

    ck_assert_str_eq(test_errors(request, "title"), "must not be blank");
    ck_assert_str_eq(test_errors(request, "status"), "must be one of: draft, published");
    ck_assert_str_eq(test_errors(request, "author"), "is not a known field");
    ck_assert_str_eq(test_errors(request, "content"), "is required");
}
END_TEST

START_TEST(says_of_broken_bodies_only_that_they_are)
{
    static const char *const bodies[][2] = {
        {JSON, "{\"title\":"}, {JSON, "[]"}, {JSON, "{}x"}, {JSON, "\xff"}, {FORM, "title=%"}};
    create(bodies[_i][0], bodies[_i][1]);

    expect_err(ERR_INVALID_INPUT, read_request());

    ck_assert_str_ne(test_errors(request, "body"), "");
    ck_assert_str_eq(test_errors(request, "content"), "");
}
END_TEST

START_TEST(refuses_repeated_fields)
{
    static const char *const bodies[][2] = {
        {JSON, "{\"title\":\"a\",\"title\":\"a\",\"content\":\"b\",\"status\":\"draft\"}"},
        {FORM, "title=a&content=b&status=draft&title=a"}};
    create(bodies[_i][0], bodies[_i][1]);

    expect_err(ERR_INVALID_INPUT, read_request());

    ck_assert_str_eq(test_errors(request, "title"), "is repeated");
}
END_TEST

START_TEST(refuses_parameters_that_are_unknown_repeated_or_wrong)
{
    request = test_request("GET", "/api/posts?limit=101&author=1&author=1&x=1&cursor=%ff");

    expect_err(ERR_INVALID_INPUT, read_request());

    ck_assert_str_eq(test_errors(request, "limit"), "must be an integer between 1 and 100");
    ck_assert_str_eq(test_errors(request, "author"), "is repeated");
    ck_assert_str_eq(test_errors(request, "x"), "is not a known field");
    ck_assert_str_ne(test_errors(request, "cursor"), "");
}
END_TEST

START_TEST(refuses_parameters_where_none_are_known)
{
    request = test_request("GET", "/api/posts/7?only_owner=true");

    expect_err(ERR_INVALID_INPUT, read_request());

    ck_assert_str_eq(test_errors(request, "only_owner"), "is not a known field");
}
END_TEST

START_TEST(does_not_repeat_a_foul_name)
{
    request = test_request("GET", "/api/posts?a%00b=1&%ff=2&=3");

    expect_err(ERR_INVALID_INPUT, read_request());

    ck_assert_str_eq(test_errors(request, "body"), "is not a known field");
}
END_TEST

START_TEST(does_not_count_endless_unknown_fields)
{
    static char body[4000];
    memset(body, '&', sizeof(body) - 1);
    for (size_t i = 0; i < sizeof(body) - 1; i += 2) {
        body[i] = 'a';
    }
    create(FORM, body);

    expect_err(ERR_INVALID_INPUT, read_request());

    ck_assert_uint_lt(strlen(test_errors(request, "a")), 300);
}
END_TEST

START_TEST(refuses_other_media_types)
{
    static const char *const types[] = {NULL, "", "text/plain", JSON "; charset=latin1",
                                        "multipart/form-data; boundary=a"};
    create(types[_i], "{\"title\":\"a\",\"content\":\"b\",\"status\":\"draft\"}");

    expect_err(ERR_UNSUPPORTED_MEDIA_TYPE, read_request());
}
END_TEST

START_TEST(refuses_bodies_beyond_a_mebibyte)
{
    create(JSON, "{}");
    request->http.body_size = REQUEST_BODY_MAX + 1;

    expect_err(ERR_PAYLOAD_TOO_LARGE, read_request());
}
END_TEST

START_TEST(checks_path_method_site_type_and_size_in_this_order)
{
    static const struct {
        const char *method;
        const char *path;
        const char *site;
        const char *type;
        enum err expected;
    } cases[] = {
        {"PUT", "/api/nothing", "cross-site", "text/plain", ERR_NOT_FOUND},
        {"PUT", "/api/posts", "cross-site", "text/plain", ERR_METHOD_NOT_ALLOWED},
        {"POST", "/api/posts", "cross-site", "text/plain", ERR_ACCESS_DENIED},
        {"POST", "/api/posts", "same-origin", "text/plain", ERR_UNSUPPORTED_MEDIA_TYPE},
        {"POST", "/api/posts", "same-origin", JSON, ERR_PAYLOAD_TOO_LARGE},
    };
    request = test_request(cases[_i].method, cases[_i].path);
    test_add_header(request, "Sec-Fetch-Site", cases[_i].site);
    test_set_body(request, cases[_i].type, "{}");
    request->http.body_size = REQUEST_BODY_MAX + 1;

    expect_err(cases[_i].expected, read_request());
}
END_TEST

START_TEST(sends_who_asks_and_from_where)
{
    request = test_request("GET", "/api/me");
    request->http.client_address = "::1";
    test_add_header(request, "Cookie", "session=abc");
    test_add_header(request, "Accept-Language", "de, en;q=0.5");
    test_add_header(request, "traceparent",
                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    expect_ok(read_request());

    ck_assert_str_eq(test_call_header(request, "session"), request->session.caller);
    ck_assert_str_eq(test_call_header(request, "client_address"), "::1");
    ck_assert_str_eq(test_call_header(request, "language"), "de, en;q=0.5");
    ck_assert_str_eq(test_call_header(request, "traceparent"),
                     "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    ck_assert_ptr_null(test_call_header(request, "new_session"));
}
END_TEST

START_TEST(sends_nothing_that_is_not_there_or_foul)
{
    request = test_request("GET", "/api/me");
    test_add_header(request, "Accept-Language", "\xff");
    test_add_header(request, "traceparent", "00-x");

    expect_ok(read_request());

    ck_assert_uint_eq(request->call.header_count, 1);
    ck_assert_str_eq(request->call.headers[0].name, "deadline");
    ck_assert_int_ge(request->call.headers[0].integer, clock_wall_us() / 1000 + 4000);
    ck_assert_int_le(request->call.headers[0].integer, clock_wall_us() / 1000 + 5000);
}
END_TEST

START_TEST(sends_commands_with_a_deadline_of_their_own)
{
    create(FORM, "status=draft&title=a&content=b");

    expect_ok(read_request());

    const struct bus_header *deadline = &request->call.headers[request->call.header_count - 1];
    ck_assert_str_eq(deadline->name, "deadline");
    ck_assert_int_ge(deadline->integer, clock_wall_us() / 1000 + 59000);
    ck_assert_int_le(deadline->integer, clock_wall_us() / 1000 + 60000);
}
END_TEST

START_TEST(cuts_a_long_list_of_languages_at_a_comma)
{
    char languages[1000] = "de,en";
    memset(languages + 5, 'x', sizeof(languages) - 6);
    request = test_request("GET", "/api/me");
    test_add_header(request, "Accept-Language", languages);

    expect_ok(read_request());

    ck_assert_str_eq(test_call_header(request, "language"), "de");
}
END_TEST

START_TEST(makes_a_session_for_a_message_that_starts_one)
{
    request = test_request("POST", "/api/login");
    test_set_body(request, FORM, "username=a&password=b");

    expect_ok(read_request());

    ck_assert_str_eq(test_call_header(request, "new_session"), request->session.started);
    ck_assert_uint_eq(strlen(request->session.token), 43);
}
END_TEST

START_TEST(gives_each_message_an_identity)
{
    request = test_request("GET", "/api/me");

    expect_ok(read_request());

    ck_assert(uuid_parse(request->call.message_id, strlen(request->call.message_id), NULL));
}
END_TEST

START_TEST(lets_the_message_go_by_the_id_it_gave_the_request)
{
    request = test_request("GET", "/api/me");
    request->http.header_count = 0;

    expect_ok(read_request());

    ck_assert_str_eq(request->call.message_id, request->id);
}
END_TEST

START_TEST(keeps_a_callers_request_id_if_it_is_one)
{
    static const struct {
        const char *given;
        bool is_kept;
    } cases[] = {
        {"a.B-9_", true}, {"", false}, {"a b", false}, {"a/b", false}, {"\xc3\xa4", false}};
    request = request_new(&test_gateway);
    struct http_header header = {.name = "X-Request-ID", .name_size = 12, .value = cases[_i].given};
    request->http = (struct http_request){.headers = &header, .header_count = 1};

    request_identify(request);

    ck_assert_int_eq(strcmp(request->id, cases[_i].given) == 0, cases[_i].is_kept);
    ck_assert(cases[_i].is_kept || uuid_parse(request->id, strlen(request->id), NULL));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, makes_a_message_of_json);
    tcase_add_test(tests, makes_the_same_message_of_a_form);
    tcase_add_test(tests, puts_path_and_body_together);
    tcase_add_test(tests, puts_the_query_string_and_defaults_together);
    tcase_add_test(tests, takes_no_body_for_an_empty_one_of_any_type);
    tcase_add_test(tests, takes_an_empty_object_where_no_fields_are_known);
    tcase_add_loop_test(tests, refuses_fields_where_none_are_known, 0, 4);
    tcase_add_test(tests, says_all_that_is_wrong_at_once);
    tcase_add_loop_test(tests, says_of_broken_bodies_only_that_they_are, 0, 5);
    tcase_add_loop_test(tests, refuses_repeated_fields, 0, 2);
    tcase_add_test(tests, refuses_parameters_that_are_unknown_repeated_or_wrong);
    tcase_add_test(tests, refuses_parameters_where_none_are_known);
    tcase_add_test(tests, does_not_repeat_a_foul_name);
    tcase_add_test(tests, does_not_count_endless_unknown_fields);
    tcase_add_loop_test(tests, refuses_other_media_types, 0, 5);
    tcase_add_test(tests, refuses_bodies_beyond_a_mebibyte);
    tcase_add_loop_test(tests, checks_path_method_site_type_and_size_in_this_order, 0, 5);
    tcase_add_test(tests, sends_who_asks_and_from_where);
    tcase_add_test(tests, sends_nothing_that_is_not_there_or_foul);
    tcase_add_test(tests, sends_commands_with_a_deadline_of_their_own);
    tcase_add_test(tests, cuts_a_long_list_of_languages_at_a_comma);
    tcase_add_test(tests, makes_a_session_for_a_message_that_starts_one);
    tcase_add_test(tests, gives_each_message_an_identity);
    tcase_add_test(tests, lets_the_message_go_by_the_id_it_gave_the_request);
    tcase_add_loop_test(tests, keeps_a_callers_request_id_if_it_is_one, 0, 5);
}
CHECK_MAIN("gateway api read", add_tests)
