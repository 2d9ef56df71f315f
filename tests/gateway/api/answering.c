/* A request on its way to its response. */

#include "tests/gateway/api/answering.h"

#include <string.h>

#include "services/gateway/api/api.h"
#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

struct request *request;
struct bus_message reply;

void answering_setup(void)
{
    test_gateway_init();
    request = NULL;
    reply = (struct bus_message){.content_type = "application/json"};
}

void answering_teardown(void)
{
    request_free(request);
}

void ask(const char *method, const char *target, const char *form)
{
    request = test_request(method, target);
    if (form != NULL) {
        test_set_body(request, "application/x-www-form-urlencoded", form);
    }
    expect_ok(api_read_head(request));
    expect_ok(api_read(request));
}

void log_in(void)
{
    ask("POST", "/api/login", "username=a@b.c&password=secret");
}

void answer(const char *type, const char *body)
{
    reply.type = type;
    reply.body = body;
    reply.body_size = strlen(body);
    api_answer(request, CALL_REPLIED, &reply);
}

void expect_response(int status, const char *body)
{
    ck_assert_int_eq(request->response.status, status);
    ck_assert_uint_eq(request->response.body_size, strlen(body));
    ck_assert(body[0] == '\0' || memcmp(request->response.body, body, strlen(body)) == 0);
}

void expect_code(int status, const char *code)
{
    char member[64];
    (void)snprintf(member, sizeof(member), "\"code\":\"%s\"", code);
    ck_assert_int_eq(request->response.status, status);
    ck_assert_ptr_nonnull(
        memmem(request->response.body, request->response.body_size, member, strlen(member)));
    ck_assert_str_eq(test_response_header(request, "Content-Type"), "application/problem+json");
}
