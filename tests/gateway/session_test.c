/* services/gateway/session.h */

#include "services/gateway/session.h"

#include <string.h>

#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

/* SHA-256 of "abc" */
#define DIGEST_OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static struct request *request;

static void setup(void)
{
    test_gateway_init();
    request = test_request("POST", "/api/logout");
}

static void teardown(void)
{
    request_free(request);
}

static const char *read_caller(void)
{
    session_read(&request->session, request->gateway, &request->http);
    return request->session.caller;
}

START_TEST(knows_a_caller_by_the_cookie)
{
    test_add_header(request, "Cookie", "a=b; session=abc");

    ck_assert_str_eq(read_caller(), DIGEST_OF_ABC);
}
END_TEST

START_TEST(knows_a_caller_by_the_cookie_of_a_second_header)
{
    test_add_header(request, "Cookie", "a=b");
    test_add_header(request, "cookie", "session=abc");

    ck_assert_str_eq(read_caller(), DIGEST_OF_ABC);
}
END_TEST

START_TEST(knows_a_caller_by_the_bearer_token_first)
{
    test_add_header(request, "Cookie", "session=other");
    test_add_header(request, "Authorization", "Bearer abc");

    ck_assert_str_eq(read_caller(), DIGEST_OF_ABC);
}
END_TEST

START_TEST(ignores_the_cookie_beside_any_authorization)
{
    static const char *const headers[] = {"Basic abc", "", "Bearer", "Bearer a b"};
    test_add_header(request, "Cookie", "session=abc");
    test_add_header(request, "Authorization", headers[_i]);

    ck_assert_str_eq(read_caller(), "");
}
END_TEST

START_TEST(takes_a_caller_without_a_token_for_anonymous)
{
    static const char *const cookies[] = {"", "session=", "other=abc", "__Host-session=abc"};
    test_add_header(request, "Cookie", cookies[_i]);

    ck_assert_str_eq(read_caller(), "");
}
END_TEST

START_TEST(takes_an_endless_token_for_none)
{
    char header[8 + SESSION_TOKEN_MAX + 2] = "session=";
    memset(header + 8, 'a', SESSION_TOKEN_MAX + 1);
    header[8 + SESSION_TOKEN_MAX + 1] = '\0';
    test_add_header(request, "Cookie", header);

    ck_assert_str_eq(read_caller(), "");
}
END_TEST

START_TEST(reads_the_cookie_of_production_only_in_production)
{
    test_gateway.cookie_name = "__Host-session";
    test_add_header(request, "Cookie", "session=other; __Host-session=abc");

    ck_assert_str_eq(read_caller(), DIGEST_OF_ABC);
}
END_TEST

START_TEST(makes_tokens_of_256_bits_that_differ)
{
    struct session other = {0};

    session_begin(&request->session);
    session_begin(&other);

    ck_assert_uint_eq(strlen(request->session.token), 43);
    ck_assert_str_ne(request->session.token, other.token);
    ck_assert(digest_is_hex(request->session.started));
    ck_assert_str_ne(request->session.started, other.started);
}
END_TEST

START_TEST(sends_the_digest_of_the_token_it_made)
{
    char digest[DIGEST_HEX_SIZE];

    session_begin(&request->session);

    digest_hex(request->session.token, 43, digest);
    ck_assert_str_eq(request->session.started, digest);
}
END_TEST

static uint64_t caller_of(const char *token, const char *address)
{
    struct session session = {0};
    const struct http_header header = {.name = "Cookie", .name_size = 6, .value = token};
    const struct http_request http = {
        .headers = &header, .header_count = 1, .client_address = address};
    session_read(&session, &test_gateway, &http);
    return session_caller_digest(&session, &test_gateway, &http);
}

START_TEST(tells_callers_apart_by_session_or_else_by_address)
{
    uint64_t caller = caller_of("session=abc", "::1");

    ck_assert(caller_of("session=abc", "::2") == caller);
    ck_assert(caller_of("session=abd", "::1") != caller);
    ck_assert(caller_of("", "::1") != caller);
    ck_assert(caller_of("", "::1") == caller_of("other=1", "::1"));
    ck_assert(caller_of("", "::1") != caller_of("", "::2"));
    ck_assert(caller_of("", NULL) == caller_of("", NULL));
}
END_TEST

START_TEST(sets_a_cookie_that_no_script_and_no_other_site_gets)
{
    strcpy(request->session.token, "abc");

    session_apply(&request->session, SESSION_STARTS, request->gateway, request->arena,
                  &request->response);

    ck_assert_str_eq(test_response_header(request, "Set-Cookie"),
                     "session=abc; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax");
}
END_TEST

START_TEST(sets_a_secure_cookie_of_this_host_over_https)
{
    const struct settings settings = {
        .secure_cookies = SECURE_COOKIES_YES,
        .public_url = "",
        .secret_key = "a secret key of at least 32 characters",
        .session_lifetime_hours = 2,
    };
    gateway_init(&test_gateway, &settings, NULL, 0);
    strcpy(request->session.token, "abc");

    session_apply(&request->session, SESSION_STARTS, request->gateway, request->arena,
                  &request->response);

    ck_assert_str_eq(test_response_header(request, "Set-Cookie"),
                     "__Host-session=abc; Path=/; Max-Age=7200; HttpOnly; SameSite=Lax; Secure");
}
END_TEST

START_TEST(clears_the_cookie)
{
    session_apply(&request->session, SESSION_ENDS, request->gateway, request->arena,
                  &request->response);

    ck_assert_str_eq(test_response_header(request, "Set-Cookie"),
                     "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}
END_TEST

START_TEST(looks_for_the_preference_in_each_header)
{
    ck_assert(!session_is_token_wanted(&request->http));

    test_add_header(request, "Prefer", "respond-async");
    test_add_header(request, "prefer", "token");

    ck_assert(session_is_token_wanted(&request->http));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, knows_a_caller_by_the_cookie);
    tcase_add_test(tests, knows_a_caller_by_the_cookie_of_a_second_header);
    tcase_add_test(tests, knows_a_caller_by_the_bearer_token_first);
    tcase_add_loop_test(tests, ignores_the_cookie_beside_any_authorization, 0, 4);
    tcase_add_loop_test(tests, takes_a_caller_without_a_token_for_anonymous, 0, 4);
    tcase_add_test(tests, takes_an_endless_token_for_none);
    tcase_add_test(tests, reads_the_cookie_of_production_only_in_production);
    tcase_add_test(tests, makes_tokens_of_256_bits_that_differ);
    tcase_add_test(tests, sends_the_digest_of_the_token_it_made);
    tcase_add_test(tests, tells_callers_apart_by_session_or_else_by_address);
    tcase_add_test(tests, sets_a_cookie_that_no_script_and_no_other_site_gets);
    tcase_add_test(tests, sets_a_secure_cookie_of_this_host_over_https);
    tcase_add_test(tests, clears_the_cookie);
    tcase_add_test(tests, looks_for_the_preference_in_each_header);
}
CHECK_MAIN("gateway session", add_tests)
