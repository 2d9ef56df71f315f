/* services/gateway/api/api.h: what is told of commands that are pending, done or repeated */

#include <string.h>

#include "services/gateway/api/api.h"
#include "services/gateway/api/signature.h"
#include "tests/gateway/api/answering.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

#define ID "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"

START_TEST(says_which_command_is_pending)
{
    char expected[160];
    log_in();
    (void)snprintf(expected, sizeof(expected), "{\"id\":\"%s\",\"state\":\"pending\"}",
                   signature_add(&test_gateway, request->call.message_id, request->arena));

    api_answer(request, CALL_PENDING, NULL);

    expect_response(202, expected);
    ck_assert_ptr_null(test_response_header(request, "Set-Cookie"));
    (void)snprintf(expected, sizeof(expected), "/api/commands/%s",
                   signature_add(&test_gateway, request->call.message_id, request->arena));
    ck_assert_str_eq(test_response_header(request, "Location"), expected);
    ck_assert_str_eq(test_response_header(request, "Content-Type"), "application/json");
}
END_TEST

static void ask_for_state(void)
{
    struct arena *arena = arena_new();
    ask("GET", arena_printf(arena, "/api/commands/%s", signature_add(&test_gateway, ID, arena)),
        NULL);
    arena_free(arena);
}

START_TEST(signs_the_id_of_a_state)
{
    static const char *const rest = ",\"state\":\"done\",\"result\":{\"id\": 1},\"problem\":null}";
    char expected[256];
    ask_for_state();
    (void)snprintf(expected, sizeof(expected), "{\"id\":\"%s\"%s",
                   signature_add(&test_gateway, ID, request->arena), rest);

    answer("commands.status.result", arena_printf(request->arena, "{\"id\":\"" ID "\"%s", rest));

    expect_response(200, expected);
}
END_TEST

START_TEST(does_not_sign_what_is_no_id)
{
    static const char *const ids[] = {"null", "\"x\"", "[" ID "]",
                                      "{\"f81d4fae-7dec-11d0-a765-00a0c91e\"}"};
    ask_for_state();

    answer("commands.status.result",
           arena_printf(request->arena,
                        "{\"id\":%s,\"state\":\"pending\",\"result\":null,\"problem\":null}",
                        ids[_i]));

    expect_code(500, "internal");
}
END_TEST

static void create_with_key(const char *key)
{
    request = test_request("POST", "/api/posts");
    test_set_body(request, "application/x-www-form-urlencoded", "title=t&content=c&status=draft");
    if (key != NULL) {
        test_add_header(request, "Idempotency-Key", key);
    }
    expect_ok(api_read_head(request));
    expect_ok(api_read(request));
}

static const struct bus_header replayed = {.name = "replayed", .kind = BUS_BOOLEAN, .integer = 1};

START_TEST(says_of_a_result_that_it_is_an_earlier_one)
{
    create_with_key("k");
    reply.headers = &replayed;
    reply.header_count = 1;

    answer("posts.create.result", "{\"post\":" POST "}");

    ck_assert_int_eq(request->response.status, 201);
    ck_assert_str_eq(test_response_header(request, "Idempotent-Replayed"), "true");
}
END_TEST

START_TEST(says_of_a_problem_that_it_is_an_earlier_one)
{
    create_with_key("k");
    reply.headers = &replayed;
    reply.header_count = 1;
    reply.content_type = "application/problem+json";

    answer("problem", "{\"code\":\"access_denied\"}");

    ck_assert_int_eq(request->response.status, 403);
    ck_assert_str_eq(test_response_header(request, "Idempotent-Replayed"), "true");
}
END_TEST

START_TEST(does_not_say_so_of_others)
{
    static const struct {
        const char *key;
        struct bus_header header;
    } cases[] = {
        {NULL, {.name = "replayed", .kind = BUS_BOOLEAN, .integer = 1}},
        {"k", {.name = "replayed", .kind = BUS_BOOLEAN, .integer = 0}},
        {"k", {.name = "replayed", .kind = BUS_TEXT, .text = "true"}},
        {"k", {.name = "other", .kind = BUS_BOOLEAN, .integer = 1}},
    };
    create_with_key(cases[_i].key);
    reply.headers = &cases[_i].header;
    reply.header_count = 1;

    answer("posts.create.result", "{\"post\":" POST "}");

    ck_assert_int_eq(request->response.status, 201);
    ck_assert_ptr_null(test_response_header(request, "Idempotent-Replayed"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, answering_setup, answering_teardown);
    tcase_add_test(tests, says_which_command_is_pending);
    tcase_add_test(tests, signs_the_id_of_a_state);
    tcase_add_loop_test(tests, does_not_sign_what_is_no_id, 0, 4);
    tcase_add_test(tests, says_of_a_result_that_it_is_an_earlier_one);
    tcase_add_test(tests, says_of_a_problem_that_it_is_an_earlier_one);
    tcase_add_loop_test(tests, does_not_say_so_of_others, 0, 4);
}
CHECK_MAIN("gateway api command", add_tests)
