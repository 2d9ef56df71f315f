/* services/gateway/api/identity.h */

#include "services/gateway/api/identity.h"

#include <string.h>

#include "services/gateway/api/api.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

#define FORM "application/x-www-form-urlencoded"
#define CREATE "status=draft&title=a&content=b"
#define LOGIN "username=a%40b.c&password=secret"

enum { REQUESTS_MAX = 8 };

static struct request *requests[REQUESTS_MAX];
static size_t request_count;

static void setup(void)
{
    test_gateway_init();
    request_count = 0;
}

static void teardown(void)
{
    for (size_t i = 0; i < request_count; i++) {
        request_free(requests[i]);
    }
}

/* `token` and `key` may be NULL. */
static struct request *make(const char *path, const char *form, const char *token, const char *key)
{
    struct request *request = test_request("POST", path);
    requests[request_count++] = request;
    test_set_body(request, FORM, form);
    if (token != NULL) {
        test_add_header(request, "Cookie", token);
    }
    if (key != NULL) {
        test_add_header(request, "Idempotency-Key", key);
    }
    return request;
}

static const char *id_of(const char *path, const char *form, const char *token, const char *key)
{
    struct request *request = make(path, form, token, key);
    expect_ok(api_read_head(request));
    expect_ok(api_read(request));
    return request->call.message_id;
}

static const char *key_header_of(const char *path, const char *form, const char *token,
                                 const char *key)
{
    (void)id_of(path, form, token, key);
    return test_call_header(requests[request_count - 1], "idempotency_key");
}

START_TEST(makes_a_uuid_of_version_8)
{
    const char *id = id_of("/api/posts", CREATE, "session=a", "k");

    ck_assert(uuid_parse(id, UUID_LENGTH, NULL));
    ck_assert_int_eq(id[14], '8');
}
END_TEST

START_TEST(is_a_new_one_each_time_without_a_key)
{
    const char *first = id_of("/api/posts", CREATE, "session=a", NULL);

    ck_assert_str_ne(id_of("/api/posts", CREATE, "session=a", NULL), first);
    ck_assert_ptr_null(key_header_of("/api/posts", CREATE, "session=a", NULL));
}
END_TEST

START_TEST(belongs_to_the_session_and_the_key_whatever_the_content)
{
    const char *first = id_of("/api/posts", CREATE, "session=a", "k");

    ck_assert_str_eq(id_of("/api/posts", CREATE, "session=a", "\"k\""), first);
    ck_assert_str_eq(id_of("/api/posts", CREATE "c", "session=a", "k"), first);
    ck_assert_str_eq(id_of("/api/logout", "", "session=a", "k"), first);
    ck_assert_str_ne(id_of("/api/posts", CREATE, "session=b", "k"), first);
    ck_assert_str_ne(id_of("/api/posts", CREATE, "session=a", "K"), first);
    ck_assert_str_ne(id_of("/api/posts", CREATE, NULL, "k"), first);
}
END_TEST

START_TEST(of_an_anonymous_caller_belongs_to_name_content_and_key)
{
    const char *first = id_of("/api/posts", CREATE, NULL, "k");

    ck_assert_str_eq(id_of("/api/posts", "content=%62&title=a&status=draft", NULL, "k"), first);
    ck_assert_str_ne(id_of("/api/posts", CREATE "c", NULL, "k"), first);
    ck_assert_str_ne(id_of("/api/posts", CREATE, NULL, "K"), first);
    ck_assert_str_ne(id_of("/api/logout", "", NULL, "k"), first);
}
END_TEST

START_TEST(of_a_login_belongs_to_its_content_whatever_the_session)
{
    const char *first = id_of("/api/login", LOGIN, NULL, "k");

    ck_assert_str_eq(id_of("/api/login", LOGIN, "session=a", "k"), first);
    ck_assert_str_ne(id_of("/api/login", LOGIN "2", NULL, "k"), first);
    ck_assert_str_ne(id_of("/api/login", LOGIN, NULL, "K"), first);
}
END_TEST

START_TEST(depends_on_the_secret_key)
{
    const char *first = id_of("/api/posts", CREATE, "session=a", "k");
    test_gateway.secret_key = "another secret key of 32 characters";

    ck_assert_str_ne(id_of("/api/posts", CREATE, "session=a", "k"), first);
}
END_TEST

START_TEST(sends_a_digest_of_the_key_of_whoever_may_own_one)
{
    const char *first = key_header_of("/api/posts", CREATE, "session=a", "k");

    ck_assert(digest_is_hex(first));
    ck_assert_str_eq(key_header_of("/api/posts", CREATE, "session=b", "k"), first);
    ck_assert_str_eq(key_header_of("/api/login", LOGIN, NULL, "k"), first);
    ck_assert_str_ne(key_header_of("/api/posts", CREATE, "session=a", "K"), first);
    ck_assert_ptr_null(key_header_of("/api/posts", CREATE, NULL, "k"));
}
END_TEST

START_TEST(does_not_depend_on_the_request_id)
{
    const char *first = id_of("/api/posts", CREATE, "session=a", "k");
    struct request *request = make("/api/posts", CREATE, "session=a", "k");
    request->http.headers++; /* without the X-Request-ID of test_request */
    request->http.header_count--;
    expect_ok(api_read_head(request));
    expect_ok(api_read(request));

    ck_assert_str_eq(request->call.message_id, first);
    ck_assert_str_ne(request->id, first);
}
END_TEST

START_TEST(refuses_a_key_that_is_none)
{
    static const char *const keys[] = {"", "\"\"", "\"a", "\xc3\xa4", "a\tb"};
    struct request *request = make("/api/posts", CREATE, NULL, keys[_i]);
    expect_ok(api_read_head(request));

    expect_err(ERR_INVALID_INPUT, api_read(request));

    ck_assert_str_eq(test_errors(request, "Idempotency-Key"),
                     "must be 1 to 255 printable ASCII characters");
}
END_TEST

START_TEST(refuses_two_keys)
{
    struct request *request = make("/api/posts", CREATE, NULL, "a");
    test_add_header(request, "idempotency-key", "a");
    expect_ok(api_read_head(request));

    expect_err(ERR_INVALID_INPUT, api_read(request));

    ck_assert_str_eq(test_errors(request, "Idempotency-Key"), "is repeated");
}
END_TEST

START_TEST(ignores_any_key_of_a_request_that_changes_nothing)
{
    static const char *const methods[] = {"GET", "HEAD"};
    struct request *request = test_request(methods[_i % 2], "/api/posts");
    requests[request_count++] = request;
    test_add_header(request, "Idempotency-Key", _i < 2 ? "" : "k");
    expect_ok(api_read_head(request));

    expect_ok(api_read(request));

    ck_assert_ptr_null(request->idempotency_key);
    ck_assert_int_eq(request->call.message_id[14], '7');
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, makes_a_uuid_of_version_8);
    tcase_add_test(tests, is_a_new_one_each_time_without_a_key);
    tcase_add_test(tests, belongs_to_the_session_and_the_key_whatever_the_content);
    tcase_add_test(tests, of_an_anonymous_caller_belongs_to_name_content_and_key);
    tcase_add_test(tests, of_a_login_belongs_to_its_content_whatever_the_session);
    tcase_add_test(tests, depends_on_the_secret_key);
    tcase_add_test(tests, sends_a_digest_of_the_key_of_whoever_may_own_one);
    tcase_add_test(tests, does_not_depend_on_the_request_id);
    tcase_add_loop_test(tests, refuses_a_key_that_is_none, 0, 5);
    tcase_add_test(tests, refuses_two_keys);
    tcase_add_loop_test(tests, ignores_any_key_of_a_request_that_changes_nothing, 0, 4);
}
CHECK_MAIN("gateway api identity", add_tests)
