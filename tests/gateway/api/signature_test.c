/* services/gateway/api/signature.h */

#include "services/gateway/api/signature.h"

#include <string.h>

#include "tests/gateway/requests.h"
#include "tests/support/check_main.h"

#define ID "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"

static struct arena *arena;

static void setup(void)
{
    test_gateway_init();
    arena = arena_new();
}

static void teardown(void)
{
    arena_free(arena);
}

static bool is_right(const char *text)
{
    return signature_is_right(&test_gateway, text, strlen(text));
}

START_TEST(is_an_hmac_in_base64url)
{
    ck_assert_str_eq(signature_add(&test_gateway, ID, arena),
                     ID ".RF3c4H2dks6WYVbqlcwkS-PlX0G1niHn3VpkIkUl9v8");
}
END_TEST

START_TEST(is_right_as_it_was_made)
{
    ck_assert(is_right(signature_add(&test_gateway, ID, arena)));
}
END_TEST

START_TEST(is_wrong_with_any_other_character)
{
    char *text = arena_strdup(arena, signature_add(&test_gateway, ID, arena));

    text[_i] = text[_i] == 'a' ? 'b' : 'a';

    ck_assert(!is_right(text));
}
END_TEST

START_TEST(is_wrong_when_it_is_shorter_or_longer)
{
    const char *text = signature_add(&test_gateway, ID, arena);
    for (size_t size = 0; size < SIGNED_ID_LENGTH; size++) {
        ck_assert(!signature_is_right(&test_gateway, text, size));
    }
    ck_assert(!is_right(arena_printf(arena, "%s=", text)));
}
END_TEST

START_TEST(is_wrong_under_another_key)
{
    const char *text = signature_add(&test_gateway, ID, arena);

    test_gateway.secret_key = "another secret key of 32 characters";

    ck_assert(!is_right(text));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, is_an_hmac_in_base64url);
    tcase_add_test(tests, is_right_as_it_was_made);
    tcase_add_loop_test(tests, is_wrong_with_any_other_character, 0, SIGNED_ID_LENGTH);
    tcase_add_test(tests, is_wrong_when_it_is_shorter_or_longer);
    tcase_add_test(tests, is_wrong_under_another_key);
}
CHECK_MAIN("gateway api signature", add_tests)
