/* services/gateway/pages/form.h: what a form that was sent does, with the site as it is. */

#include <string.h>

#include "tests/gateway/pages/visiting.h"
#include "tests/support/check_main.h"

#define ONCE "01a20279-9e35-7ea5-96be-c865aa23bb8c"

#define ME "{\"user\":{\"id\":1,\"email\":\"ann@example.org\",\"is_staff\":false}}"
#define STAFF "{\"user\":{\"id\":1,\"email\":\"ann@example.org\",\"is_staff\":true}}"
#define USER(id)                                                                                   \
    "{\"id\":" #id ",\"email\":\"u" #id "@example.org\",\"is_active\":true,\"is_staff\":false,"    \
    "\"is_superuser\":false,\"last_login\":null,\"created_at\":\"2024-01-31T12:00:00.000000Z\"}"
#define USERS "{\"users\":[" USER(5) "," USER(6) "," USER(7) "],\"next_cursor\":null}"

#define LETTERS_PATH "/admin/operations/dead-letters/"
#define LETTERS "{\"groups\":[],\"letters\":[" LETTER "],\"next_cursor\":null,\"actions\":[]}"
#define LETTER                                                                                     \
    "{\"id\":6,\"message_id\":null,\"message\":\"posts.delete\",\"code\":\"not_found\","           \
    "\"detail\":\"x\",\"failed_at\":\"2024-01-31T12:00:00.000000Z\",\"user_id\":null}"
#define LEFT(reason) "\"left\":[{\"id\":6,\"reason\":\"" reason "\"}]"

static void send(const char *path, const char *rest)
{
    visit_as("POST", path);
    visit_signed_in();
    visit_send(arena_printf(visited->arena, "csrf=%s%s", visit_csrf(), rest));
}

static char *identity_of(const char *path, const char *rest)
{
    send(path, rest);
    return strdup(visited->call.message_id);
}

START_TEST(forms_of_one_page_are_commands_of_their_own)
{
    static const char *const others[] = {
        "&form=session&once=" ONCE "-6&session_id=6",
        "&form=others&once=" ONCE "-5",
    };
    char *first = identity_of("/account/", "&form=session&once=" ONCE "-5&session_id=5");
    char *again = identity_of("/account/", "&form=session&once=" ONCE "-5&session_id=5");
    char *other = identity_of("/account/", others[_i]);

    ck_assert_str_eq(again, first);
    ck_assert_str_ne(other, first);

    free(first);
    free(again);
    free(other);
}
END_TEST

START_TEST(the_same_form_of_another_page_is_another_command)
{
    char *first = identity_of("/posts/7/delete/", "&once=" ONCE);
    char *other = identity_of("/posts/8/delete/", "&once=" ONCE);

    ck_assert_str_ne(other, first);

    free(first);
    free(other);
}
END_TEST

/* what the command says, and the status the form comes back with */
static const struct {
    const char *code;
    int status;
} refusals[] = {{"access_denied", 403}, {"not_found", 404}};

START_TEST(says_in_the_form_why_it_was_refused_and_keeps_what_was_chosen)
{
    send("/admin/users/", "&ids=5&ids=7&what=deactivate");

    visit_fail("admin.change_users", refusals[_i].code, ",\"detail\":\"Not <that> one.\"");
    ck_assert_str_eq(visit_asked(), "users.me admin.list_users");
    visit_answer("users.me", STAFF);
    visit_answer("admin.list_users", USERS);

    expect_page(refusals[_i].status, "<p>Not &lt;that&gt; one.</p>");
    expect_page(refusals[_i].status, "value=\"5\" checked");
    expect_page(refusals[_i].status, "value=\"7\" checked");
    expect_page(refusals[_i].status, "value=\"6\" aria-label");
}
END_TEST

START_TEST(leads_an_ended_session_to_login_from_a_refused_form)
{
    send("/admin/users/", "&ids=5&what=deactivate");

    visit_fail("admin.change_users", "access_denied", ",\"detail\":\"x\"");
    visit_fail("users.me", "access_denied", "");
    visit_fail("admin.list_users", "access_denied", "");

    expect_redirect(302, "/login/?next=%2Fadmin%2Fusers%2F");
}
END_TEST

START_TEST(says_why_where_no_page_could_show_the_form)
{
    send("/posts/7/delete/", "");

    visit_fail("posts.delete", refusals[_i].code, ",\"detail\":\"Not <that> one.\"");
    if (refusals[_i].status == 403) {
        visit_answer("users.me", ME);
    }

    expect_page(refusals[_i].status, "<p>Not &lt;that&gt; one.</p>");
}
END_TEST

START_TEST(says_why_where_the_page_is_refused_as_well)
{
    send("/posts/7/edit/", "&title=a&content=b&status=draft");

    visit_fail("posts.update", refusals[_i].code, ",\"detail\":\"Not <that> one.\"");
    visit_answer("users.me", ME);
    visit_fail("posts.retrieve", "not_found", "");

    expect_page(refusals[_i].status, "<p>Not &lt;that&gt; one.</p>");
}
END_TEST

START_TEST(tells_nobody_the_inner_reason_of_a_failure)
{
    send("/posts/7/delete/", "");

    visit_fail("posts.delete", "internal", ",\"detail\":\"row 5 of inbox\"");

    expect_page(500, "Something went wrong on our side.");
    ck_assert_ptr_null(strstr(visited->response.body, "row 5 of inbox"));
}
END_TEST

START_TEST(says_that_nothing_was_chosen)
{
    send("/admin/users/", "&what=deactivate");

    ck_assert_str_eq(visit_asked(), "users.me admin.list_users");
    visit_answer("users.me", STAFF);
    visit_answer("admin.list_users", USERS);

    expect_page(200, "role=\"alert\">\n<p>Choose at least one.</p>");
    ck_assert_ptr_null(strstr(visited->response.body, "checked"));
}
END_TEST

/* what was pressed, how many were changed by it, and what is said of it */
static const struct {
    const char *path;
    const char *message;
    const char *what;
    int changed;
    const char *notice;
} outcomes[] = {
    {"/admin/users/", "admin.change_users", "activate", 0, "nothing_changed"},
    {"/admin/users/", "admin.change_users", "activate", 1, "user_activated"},
    {"/admin/users/", "admin.change_users", "activate", 2, "users_activated"},
    {"/admin/users/", "admin.change_users", "deactivate", 1, "user_deactivated"},
    {"/admin/users/", "admin.change_users", "deactivate", 2, "users_deactivated"},
    {"/admin/posts/", "admin.change_posts", "publish", 2, "posts_published"},
    {"/admin/posts/", "admin.change_posts", "withdraw", 1, "post_withdrawn"},
    {"/admin/posts/", "admin.change_posts", "delete", 0, "nothing_changed"},
    {"/admin/posts/", "admin.change_posts", "delete", 1, "post_deleted"},
    {"/admin/posts/", "admin.change_posts", "delete", 2, "posts_deleted"},
};

START_TEST(says_what_was_done)
{
    char rest[64];
    (void)snprintf(rest, sizeof(rest), "&ids=5&ids=7&what=%s", outcomes[_i].what);
    send(outcomes[_i].path, rest);

    visit_answer(outcomes[_i].message,
                 arena_printf(visited->arena, "{\"changed\":%d}", outcomes[_i].changed));

    expect_redirect(302, outcomes[_i].path);
    expect_header("Set-Cookie",
                  arena_printf(visited->arena, "notice=%s; Path=/", outcomes[_i].notice));
}
END_TEST

/* what was left, and how the page says so */
static const struct {
    const char *form;
    const char *message;
    const char *result;
    const char *said;
} leftovers[] = {
    {"retry", "operations.retry_dead_letters", "{\"retried\":0," LEFT("unreadable") "}",
     "Letter 6 has been left as it is: Unreadable"},
    {"retry", "operations.retry_dead_letters", "{\"retried\":0," LEFT("has_secrets") "}",
     "at the command line they can be given again"},
    {"retry", "operations.retry_dead_letters", "{\"retried\":1," LEFT("has_secrets") "}",
     "<p>One letter is sent again.</p>\n<p>Letter 6 has been left as it is: Has secrets"},
    {"drop", "operations.drop_dead_letters", "{\"dropped\":2," LEFT("gone") "}",
     "<p>2 letters have been dropped.</p>\n<p>Letter 6 has been left as it is: Gone"},
};

START_TEST(says_what_was_left_and_why)
{
    char rest[64];
    (void)snprintf(rest, sizeof(rest), "&form=%s&ids=5&ids=6", leftovers[_i].form);
    send(LETTERS_PATH, rest);

    visit_answer(leftovers[_i].message, leftovers[_i].result);
    visit_answer("users.me", STAFF);
    visit_answer("operations.list_dead_letters", LETTERS);

    expect_page(200, leftovers[_i].said);
    ck_assert_ptr_null(strstr(visited->response.body, "class=\"notice\""));
}
END_TEST

START_TEST(goes_back_to_the_same_part_of_the_list)
{
    send(LETTERS_PATH "?message=posts.delete",
         "&form=retry&ids=5&next=" LETTERS_PATH "%3Fmessage%3Dposts.delete");

    visit_answer("operations.retry_dead_letters", "{\"retried\":1,\"left\":[]}");

    expect_redirect(302, LETTERS_PATH "?message=posts.delete");
    expect_header("Set-Cookie", "notice=letter_retried; Path=/");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, visiting_setup, visiting_teardown);
    tcase_add_loop_test(tests, forms_of_one_page_are_commands_of_their_own, 0, 2);
    tcase_add_test(tests, the_same_form_of_another_page_is_another_command);
    tcase_add_loop_test(tests, says_in_the_form_why_it_was_refused_and_keeps_what_was_chosen, 0, 2);
    tcase_add_test(tests, leads_an_ended_session_to_login_from_a_refused_form);
    tcase_add_loop_test(tests, says_why_where_no_page_could_show_the_form, 0, 2);
    tcase_add_loop_test(tests, says_why_where_the_page_is_refused_as_well, 0, 2);
    tcase_add_test(tests, tells_nobody_the_inner_reason_of_a_failure);
    tcase_add_test(tests, says_that_nothing_was_chosen);
    tcase_add_loop_test(tests, says_what_was_done, 0, ARRAY_COUNT(outcomes));
    tcase_add_loop_test(tests, says_what_was_left_and_why, 0, ARRAY_COUNT(leftovers));
    tcase_add_test(tests, goes_back_to_the_same_part_of_the_list);
}
CHECK_MAIN("gateway pages forms", add_tests)
