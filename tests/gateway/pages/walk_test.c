/* services/gateway/pages/pages.h: from request to page, with the site as it is. */

#include <string.h>

#include "contracts/users_login.h"
#include "services/gateway/pages/pages.h"
#include "services/gateway/pages/visit.h"
#include "tests/gateway/pages/visiting.h"
#include "tests/support/check_main.h"

#define TIME "2024-01-31T12:00:00.000000Z"
#define ME "{\"user\":{\"id\":1,\"email\":\"ann@example.org\",\"is_staff\":false}}"
#define POST                                                                                       \
    "{\"post\":{\"id\":7,\"title\":\"A <b>\",\"content\":\"*text*\",\"status\":\"draft\","         \
    "\"created_at\":\"" TIME "\",\"updated_at\":\"" TIME "\","                                     \
    "\"author\":{\"id\":1,\"email\":\"ann@example.org\"}}}"
#define NO_POSTS "{\"posts\":[],\"next_cursor\":null}"

static const char *typed(const char *rest)
{
    return arena_printf(visited->arena, "csrf=%s%s", visit_csrf(), rest);
}

START_TEST(asks_nobody_for_a_page_that_asks_nothing)
{
    visit_as("GET", "/login/");

    visit_send(NULL);

    ck_assert_str_eq(visit_asked(), "");
    expect_page(200, "<h1>Log in</h1>");
}
END_TEST

/* A body without end is answered in its middle. */
START_TEST(answers_at_once_where_too_much_comes)
{
    static const struct {
        const char *target;
        int status;
    } cases[] = {{"/posts/7/", 413}, {"/nothing/", 404}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        visit_as("GET", cases[i].target);
        visit_signed_in();
        visited->http.body_size = 9 * 1024 * 1024;

        visit_send(NULL);

        ck_assert_str_eq(visit_asked(), "");
        expect_page(cases[i].status, "<h1>");
    }
}
END_TEST

START_TEST(keeps_no_body_that_nobody_reads)
{
    visit_as("GET", "/");
    ck_assert(!page_responder.read_head(visited));

    visit_as("POST", "/login/");
    ck_assert(page_responder.read_head(visited));
}
END_TEST

START_TEST(says_what_is_wrong_with_a_form_that_has_no_page)
{
    static const struct page_form form = {.contract = &users_login_contract};
    static const struct page page = {.path = "/x/", .forms = &form, .form_count = 1};
    visit_as("POST", "/login/");
    visit_unknown();
    test_set_body(visited, "application/x-www-form-urlencoded", typed(""));
    visited->responder = &page_responder;
    ck_assert(page_responder.read_head(visited));
    visit_of(visited)->page = &page;

    page_responder.begin(visited);

    expect_page(400, "The request cannot be understood.");
}
END_TEST

START_TEST(leads_to_the_login_from_an_address_that_is_too_long_to_come_back_to)
{
    char target[1900] = "/posts/my/?x=";
    size_t size = strlen(target);
    memset(target + size, '+', sizeof(target) - size - 1);
    visit_as("GET", target);

    visit_send(NULL);

    expect_redirect(302, "/login/");
}
END_TEST

START_TEST(tells_a_program_what_is_wrong)
{
    visit_as("GET", "/nothing/");
    visited->http.header_count = 0;
    test_add_header(visited, "Host", "localhost:8000");
    test_add_header(visited, "Host", "example.org");

    visit_send(NULL);

    ck_assert_int_eq(visited->response.status, 400);
    ck_assert_ptr_nonnull(strstr(visited->response.body, "The request cannot be understood."));
}
END_TEST

START_TEST(asks_all_at_once)
{
    visit_as("GET", "/posts/7/");
    visit_signed_in();

    visit_send(NULL);

    ck_assert_str_eq(visit_asked(), "users.me posts.retrieve");
    ck_assert_str_ne(visited->calls->message_id, visited->last_call->message_id);
}
END_TEST

START_TEST(shows_the_page_when_all_have_answered_in_any_order)
{
    visit_as("GET", "/posts/7/");
    visit_signed_in();
    visit_send(NULL);

    visit_answer("posts.retrieve", POST);
    ck_assert_int_eq(visited->response.status, 0);
    visit_answer("users.me", ME);

    expect_page(200, "<h1>A &lt;b&gt;</h1>");
    expect_page(200, "<em>text</em>");
    expect_page(200, "ann@example.org");
}
END_TEST

START_TEST(takes_an_ended_session_for_a_visitor)
{
    visit_as("GET", "/");
    visit_signed_in();
    visit_send(NULL);

    visit_fail("users.me", "access_denied", "");
    visit_answer("posts.list", NO_POSTS);

    expect_page(200, "href=\"/login/\"");
}
END_TEST

START_TEST(shows_a_public_page_when_nobody_knows_who_visits)
{
    visit_as("GET", "/");
    visit_signed_in();
    visit_send(NULL);

    visit_end("users.me", CALL_UNAVAILABLE);
    visit_answer("posts.list", NO_POSTS);

    expect_page(200, "Nothing has been published");
    ck_assert_ptr_null(strstr(visited->response.body, "href=\"/login/\""));
}
END_TEST

START_TEST(leads_a_visitor_to_login_from_a_page_that_needs_a_user)
{
    visit_as("GET", "/posts/my/?cursor=a%20b");

    visit_send(NULL);

    expect_redirect(302, "/login/?next=%2Fposts%2Fmy%2F%3Fcursor%3Da%2520b");
}
END_TEST

START_TEST(leads_an_ended_session_there_too)
{
    visit_as("GET", "/posts/my/");
    visit_signed_in();
    visit_send(NULL);

    visit_fail("users.me", "access_denied", "");
    visit_fail("posts.my", "access_denied", "");

    expect_redirect(302, "/login/?next=%2Fposts%2Fmy%2F");
}
END_TEST

/* what an ask says, and the page of errors it makes */
static const struct {
    const char *code; /* NULL: no reply */
    int status;
} failures[] = {
    {"not_found", 404}, {"invalid_input", 400}, {"unavailable", 503},
    {"expired", 503},   {"internal", 500},      {NULL, 503},
};

START_TEST(says_why_there_is_no_page)
{
    visit_as("GET", "/posts/7/");
    visit_send(NULL);

    if (failures[_i].code == NULL) {
        visit_end("posts.retrieve", CALL_UNAVAILABLE);
    } else {
        visit_fail("posts.retrieve", failures[_i].code, "");
    }

    expect_page(failures[_i].status, "<h1>");
    bool has_retry = test_response_header(visited, "Retry-After") != NULL;
    ck_assert_int_eq(has_retry, failures[_i].status == 503);
}
END_TEST

START_TEST(makes_nothing_of_a_reply_it_does_not_understand)
{
    static const char *const bodies[] = {"", "[]", "{}", "{\"post\":1}", "{\"post\":{}}"};
    visit_as("GET", "/posts/7/");
    visit_send(NULL);

    visit_answer("posts.retrieve", bodies[_i]);

    expect_page(500, "<h1>A problem</h1>");
}
END_TEST

START_TEST(sends_a_form_as_its_command)
{
    visit_as("POST", "/posts/7/edit/");
    visit_signed_in();

    visit_send(typed("&title=a&content=b%0D%0Ac&status=draft"));

    ck_assert_str_eq(visit_asked(), "posts.update");
    ck_assert_str_eq(visited->call.body, "{\"post_id\":7,\"title\":\"a\",\"content\":\"b\\nc\","
                                         "\"status\":\"draft\"}");
}
END_TEST

START_TEST(leads_on_after_success)
{
    visit_as("POST", "/posts/7/edit/");
    visit_signed_in();
    visit_send(typed("&title=a&content=b&status=draft"));

    visit_answer("posts.update", POST);

    expect_redirect(302, "/posts/7/");
    expect_header("Set-Cookie", "notice=post_changed; Path=/; Max-Age=60; HttpOnly");
}
END_TEST

START_TEST(shows_the_form_again_with_what_was_typed)
{
    visit_as("POST", "/posts/7/edit/");
    visit_signed_in();
    visit_send(typed("&title=%20&content=%3Cb%3E&status=draft"));

    ck_assert_str_eq(visit_asked(), "users.me posts.retrieve");
    visit_answer("users.me", ME);
    visit_answer("posts.retrieve", POST);

    expect_page(200, "must not be blank");
    expect_page(200, "&lt;b&gt;</textarea>");
    expect_page(200, "aria-invalid=\"true\"");
}
END_TEST

START_TEST(shows_what_the_command_says_is_wrong)
{
    visit_as("POST", "/registration/");
    visit_unknown();
    visit_send(typed("&email=a@b.c&password1=12345678&password2=1"));

    visit_fail("users.register", "invalid_input",
               ",\"detail\":\"x\",\"errors\":{\"password2\":[\"differs <&>\"]}");

    expect_page(200, "differs &lt;&amp;&gt;");
    expect_page(200, "value=\"a@b.c\"");
    ck_assert_ptr_null(strstr(visited->response.body, "12345678"));
}
END_TEST

START_TEST(shows_a_failure_with_the_field_it_is_about)
{
    visit_as("POST", "/registration/");
    visit_unknown();
    visit_send(typed("&email=a@b.c&password1=12345678&password2=12345678"));

    visit_fail("users.register", "user_already_exists", ",\"detail\":\"It is taken.\"");

    expect_page(200, "id=\"email-error\"");
    expect_page(200, "It is taken.");
}
END_TEST

START_TEST(says_that_a_command_is_on_its_way)
{
    visit_as("POST", "/posts/new/");
    visit_signed_in();
    visit_send(typed("&title=a&content=b&status=draft"));

    visit_end("posts.create", CALL_PENDING);

    expect_page(202, "<h1>On its way</h1>");
    expect_page(202, "href=\"/commands/");
}
END_TEST

START_TEST(finds_out_who_is_denied)
{
    static const struct {
        const char *me;
        int status;
    } cases[] = {{ME, 403}, {NULL, 302}};
    visit_as("POST", "/posts/7/delete/");
    visit_signed_in();
    visit_send(typed(""));
    visit_fail("posts.delete", "access_denied", "");

    ck_assert_str_eq(visit_asked(), "users.me");
    if (cases[_i].me != NULL) {
        visit_answer("users.me", cases[_i].me);
    } else {
        visit_fail("users.me", "access_denied", "");
    }

    ck_assert_int_eq(visited->response.status, cases[_i].status);
}
END_TEST

START_TEST(makes_the_same_command_of_the_same_form)
{
#define ONCE "&once=01a20279-9e35-7ea5-96be-c865aa23bb8c"
    char first[UUID_TEXT_SIZE];
    visit_as("POST", "/posts/7/delete/");
    visit_signed_in();
    visit_send(typed(ONCE));
    strcpy(first, visited->call.message_id);

    visit_as("POST", "/posts/7/delete/");
    visit_signed_in();
    visit_send(typed(ONCE));

    ck_assert_str_eq(visited->call.message_id, first);
}
END_TEST

START_TEST(makes_another_command_of_another_form)
{
    char first[UUID_TEXT_SIZE];
    visit_as("POST", "/posts/7/delete/");
    visit_signed_in();
    visit_send(typed("&once=x"));
    strcpy(first, visited->call.message_id);

    visit_as("POST", "/posts/7/delete/");
    visit_signed_in();
    visit_send(typed("&once=x"));

    ck_assert_str_ne(visited->call.message_id, first);
}
END_TEST

START_TEST(sends_no_form_without_the_token)
{
    static const char *const forms[] = {"", "csrf=", "csrf=x", "a=b"};
    visit_as("POST", "/posts/7/delete/");
    visit_signed_in();

    visit_send(forms[_i]);

    ck_assert_str_eq(visit_asked(), "");
    expect_page(403, "out of date");
}
END_TEST

START_TEST(takes_a_session_away_whether_there_was_one_or_not)
{
    visit_as("POST", "/logout/");
    visit_signed_in();
    visit_send(typed(""));

    visit_fail("users.logout", "access_denied", "");

    expect_redirect(302, "/");
    expect_header("Set-Cookie", "session=; Path=/; Max-Age=0");
}
END_TEST

START_TEST(gives_a_session_only_for_success)
{
    visit_as("POST", "/login/");
    visit_unknown();
    visit_send(typed("&username=a&password=b"));

    visit_fail("users.login", "authentication_failed", ",\"detail\":\"No.\"");

    expect_page(200, "No.");
    for (size_t i = 0; i < visited->response.header_count; i++) {
        ck_assert_ptr_null(strstr(visited->response.headers[i].value, "session="));
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, visiting_setup, visiting_teardown);
    tcase_add_test(tests, asks_nobody_for_a_page_that_asks_nothing);
    tcase_add_test(tests, answers_at_once_where_too_much_comes);
    tcase_add_test(tests, keeps_no_body_that_nobody_reads);
    tcase_add_test(tests, says_what_is_wrong_with_a_form_that_has_no_page);
    tcase_add_test(tests, leads_to_the_login_from_an_address_that_is_too_long_to_come_back_to);
    tcase_add_test(tests, tells_a_program_what_is_wrong);
    tcase_add_test(tests, asks_all_at_once);
    tcase_add_test(tests, shows_the_page_when_all_have_answered_in_any_order);
    tcase_add_test(tests, takes_an_ended_session_for_a_visitor);
    tcase_add_test(tests, shows_a_public_page_when_nobody_knows_who_visits);
    tcase_add_test(tests, leads_a_visitor_to_login_from_a_page_that_needs_a_user);
    tcase_add_test(tests, leads_an_ended_session_there_too);
    tcase_add_loop_test(tests, says_why_there_is_no_page, 0, ARRAY_COUNT(failures));
    tcase_add_loop_test(tests, makes_nothing_of_a_reply_it_does_not_understand, 0, 5);
    tcase_add_test(tests, sends_a_form_as_its_command);
    tcase_add_test(tests, leads_on_after_success);
    tcase_add_test(tests, shows_the_form_again_with_what_was_typed);
    tcase_add_test(tests, shows_what_the_command_says_is_wrong);
    tcase_add_test(tests, shows_a_failure_with_the_field_it_is_about);
    tcase_add_test(tests, says_that_a_command_is_on_its_way);
    tcase_add_loop_test(tests, finds_out_who_is_denied, 0, 2);
    tcase_add_test(tests, makes_the_same_command_of_the_same_form);
    tcase_add_test(tests, makes_another_command_of_another_form);
    tcase_add_loop_test(tests, sends_no_form_without_the_token, 0, 4);
    tcase_add_test(tests, takes_a_session_away_whether_there_was_one_or_not);
    tcase_add_test(tests, gives_a_session_only_for_success);
}
CHECK_MAIN("gateway pages walk", add_tests)
