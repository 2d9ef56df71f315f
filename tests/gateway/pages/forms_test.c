/* services/gateway/pages/form.h: what a form that was sent does, with the site as it is. */

#include <string.h>

#include "tests/gateway/pages/visiting.h"
#include "tests/support/check_main.h"

#define ONCE "01a20279-9e35-7ea5-96be-c865aa23bb8c"

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

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, visiting_setup, visiting_teardown);
    tcase_add_loop_test(tests, forms_of_one_page_are_commands_of_their_own, 0, 2);
    tcase_add_test(tests, the_same_form_of_another_page_is_another_command);
}
CHECK_MAIN("gateway pages forms", add_tests)
