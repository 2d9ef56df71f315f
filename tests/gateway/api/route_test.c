/* services/gateway/api/route.h */

#include "services/gateway/api/route.h"

#include <string.h>

#include "services/gateway/api/signature.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

#define ID "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"

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

START_TEST(finds_the_message_of_method_and_path)
{
    static const struct {
        const char *method;
        const char *path;
        const char *message;
    } cases[] = {
        {"POST", "/api/register", "users.register"},
        {"POST", "/api/login", "users.login"},
        {"POST", "/api/logout", "users.logout"},
        {"GET", "/api/me", "users.me"},
        {"GET", "/api/posts", "posts.list"},
        {"HEAD", "/api/posts?limit=1", "posts.list"},
        {"GET", "/api/posts/my", "posts.my"},
        {"POST", "/api/posts", "posts.create"},
        {"GET", "/api/posts/1", "posts.retrieve"},
        {"HEAD", "/api/posts/9007199254740991", "posts.retrieve"},
        {"PATCH", "/api/posts/10", "posts.update"},
        {"DELETE", "/api/posts/%31", "posts.delete"},
    };
    request = test_request(cases[_i].method, cases[_i].path);

    expect_ok(route_find(request));

    ck_assert_str_eq(request->binding->contract->name, cases[_i].message);
}
END_TEST

START_TEST(knows_no_other_path)
{
    static const char *const paths[] = {
        "/",
        "/api",
        "/api/",
        "/api/posts/",
        "/api/posts/1/",
        "/api/posts/my/",
        "/api/posts/0",
        "/api/posts/01",
        "/api/posts/-1",
        "/api/posts/+1",
        "/api/posts/1.0",
        "/api/posts/1e3",
        "/api/posts/0x1",
        "/api/posts/%201",
        "/api/posts/9007199254740992",
        "/api/posts/99999999999999999999",
        "/api/posts/yours",
        "/api/posts//",
        "/api/%",
        "*",
    };
    request = test_request("PUT", paths[_i]);

    expect_err(ERR_NOT_FOUND, route_find(request));
}
END_TEST

START_TEST(says_which_methods_a_path_has)
{
    static const struct {
        const char *method;
        const char *path;
        const char *allow;
    } cases[] = {
        {"DELETE", "/api/posts", "GET, HEAD, POST"},
        {"PUT", "/api/posts/1", "GET, HEAD, PATCH, DELETE"},
        {"PATCH", "/api/posts/my", "GET, HEAD"},
        {"GET", "/api/login", "POST"},
        {"HEAD", "/api/login", "POST"},
        {"OPTIONS", "/api/me", "GET, HEAD"},
        {"get", "/api/me", "GET, HEAD"},
    };
    request = test_request(cases[_i].method, cases[_i].path);

    expect_err(ERR_METHOD_NOT_ALLOWED, route_find(request));

    ck_assert_str_eq(test_response_header(request, "Allow"), cases[_i].allow);
}
END_TEST

static const char *state_path(const char *signed_id)
{
    static char path[200];
    (void)snprintf(path, sizeof(path), "/api/commands/%s", signed_id);
    return path;
}

START_TEST(takes_the_signature_off_an_id)
{
    struct arena *arena = arena_new();
    request =
        test_request(_i == 0 ? "GET" : "HEAD", state_path(signature_add(&test_gateway, ID, arena)));
    arena_free(arena);

    expect_ok(route_find(request));

    const struct path_segment *segment = &request->path_values.values[0].segment;
    ck_assert_str_eq(request->binding->contract->name, "commands.status");
    ck_assert_uint_eq(segment->size, UUID_LENGTH);
    ck_assert_int_eq(memcmp(segment->text, ID, UUID_LENGTH), 0);
}
END_TEST

START_TEST(knows_no_id_without_the_right_signature)
{
    static const char *const ids[] = {ID, ID ".", ID ".AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                      "x"};
    request = test_request(_i % 2 == 0 ? "GET" : "POST", state_path(ids[_i / 2]));

    expect_err(ERR_NOT_FOUND, route_find(request));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, finds_the_message_of_method_and_path, 0, 12);
    tcase_add_loop_test(tests, knows_no_other_path, 0, 20);
    tcase_add_loop_test(tests, says_which_methods_a_path_has, 0, 7);
    tcase_add_loop_test(tests, takes_the_signature_off_an_id, 0, 2);
    tcase_add_loop_test(tests, knows_no_id_without_the_right_signature, 0, 8);
}
CHECK_MAIN("gateway api route", add_tests)
