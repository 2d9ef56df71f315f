/* Visits for tests. */

#include "tests/gateway/pages/visiting.h"

#include <string.h>

#include "services/gateway/pages/csrf.h"
#include "services/gateway/pages/pages.h"
#include "services/gateway/pages/visit.h"
#include "tests/support/check_main.h"

struct request *visited;

void visiting_setup(void)
{
    test_gateway_init();
    visit_as("GET", "/");
}

void visiting_teardown(void)
{
    request_free(visited);
    visited = NULL;
}

void visit_as(const char *method, const char *target)
{
    request_free(visited);
    visited = test_request(method, target);
    test_add_header(visited, "Accept", "text/html");
}

void visit_signed_in(void)
{
    test_add_header(visited, "Cookie", "session=a-token; csrf=AAAAAAAAAAAAAAAAAAAAAAAA");
}

void visit_unknown(void)
{
    test_add_header(visited, "Cookie", "csrf=AAAAAAAAAAAAAAAAAAAAAAAA");
}

const char *visit_csrf(void)
{
    struct session session = {0};
    struct visit visit = {.request = visited};
    session_read(&session, visited->gateway, &visited->http);
    visited->session = session;
    csrf_begin(&visit);
    return visit.csrf;
}

void visit_send(const char *form)
{
    if (form != NULL) {
        test_set_body(visited, "application/x-www-form-urlencoded", form);
    }
    visited->responder = &page_responder;
    (void)page_responder.read_head(visited);
    page_responder.begin(visited);
}

static bool is_open(const struct call *call)
{
    return call->state == CALL_IDLE;
}

const char *visit_asked(void)
{
    struct buffer names;
    buffer_init(&names, visited->arena);
    buffer_append_text(&names, "");
    for (struct call *call = visited->calls; call != NULL; call = call->next_of_request) {
        if (is_open(call)) {
            buffer_append_text(&names, names.size == 0 ? "" : " ");
            buffer_append_text(&names, call->contract->name);
        }
    }
    return names.data;
}

static struct call *find_call(const char *message)
{
    for (struct call *call = visited->calls; call != NULL; call = call->next_of_request) {
        if (is_open(call) && strcmp(call->contract->name, message) == 0) {
            return call;
        }
    }
    ck_abort_msg("%s is not among what is asked: %s", message, visit_asked());
}

static void take(const char *message, enum call_outcome outcome, const struct bus_message *reply)
{
    struct call *call = find_call(message);
    call->state = CALL_SENT; /* done with */
    page_responder.take(visited, call, outcome, reply);
}

void visit_answer(const char *message, const char *result)
{
    const struct bus_message reply = {
        .content_type = "application/json",
        .type = arena_printf(visited->arena, "%s.result", message),
        .body = result,
        .body_size = strlen(result),
    };
    take(message, CALL_REPLIED, &reply);
}

void visit_fail(const char *message, const char *code, const char *rest)
{
    const char *body = arena_printf(visited->arena, "{\"code\":\"%s\"%s}", code, rest);
    const struct bus_message reply = {
        .content_type = "application/problem+json",
        .type = "problem",
        .body = body,
        .body_size = strlen(body),
    };
    take(message, CALL_REPLIED, &reply);
}

void visit_end(const char *message, enum call_outcome outcome)
{
    take(message, outcome, NULL);
}

void expect_page(int status, const char *part)
{
    ck_assert_int_eq(visited->response.status, status);
    ck_assert_str_eq(test_response_header(visited, "Content-Type"), "text/html; charset=utf-8");
    ck_assert_uint_eq(strlen(visited->response.body), visited->response.body_size);
    if (strstr(visited->response.body, part) == NULL) {
        ck_abort_msg("no \"%s\" in:\n%s", part, visited->response.body);
    }
}

void expect_redirect(int status, const char *location)
{
    ck_assert_int_eq(visited->response.status, status);
    ck_assert_str_eq(test_response_header(visited, "Location"), location);
    ck_assert_uint_eq(visited->response.body_size, 0);
}

void expect_header(const char *name, const char *part)
{
    bool is_found = false;
    for (size_t i = 0; i < visited->response.header_count; i++) {
        const struct http_header *header = &visited->response.headers[i];
        is_found =
            is_found || (strcmp(header->name, name) == 0 && strstr(header->value, part) != NULL);
    }
    ck_assert_msg(is_found, "no %s with %s", name, part);
}
