/* The port password_hasher, on the real one (Argon2id) and on the fake. */

#include <string.h>

#include "services/command/adapters/argon2_password_hasher.h"
#include "tests/fakes/fake_password_hasher.h"
#include "tests/support/check_main.h"

enum { ARGON2, FAKE, IMPLEMENTATIONS };

static struct arena *arena;
static struct ctx ctx;
static struct password_hasher *real;
static struct fake_password_hasher fake;

static void setup(void)
{
    arena = arena_new();
    ctx_init(&ctx, arena, NULL, NULL);
    expect_ok(argon2_password_hasher_open(&real));
    fake_password_hasher_init(&fake);
}

static void teardown(void)
{
    argon2_password_hasher_free(real);
    arena_free(arena);
}

static struct password_hasher *hasher_of(int implementation)
{
    return implementation == ARGON2 ? real : &fake.base;
}

static const char *hash_with(struct password_hasher *hasher, const char *password)
{
    const char *hash = NULL;
    expect_ok(password_hasher_hash(hasher, &ctx, password, &hash));
    ck_assert_ptr_nonnull(hash);
    return hash;
}

static bool is_right(struct password_hasher *hasher, const char *hash, const char *password)
{
    bool found;
    expect_ok(password_hasher_check(hasher, &ctx, hash, password, &found));
    return found;
}

START_TEST(knows_the_password_again)
{
    struct password_hasher *hasher = hasher_of(_i);

    const char *hash = hash_with(hasher, "correct horse");

    ck_assert(is_right(hasher, hash, "correct horse"));
}
END_TEST

START_TEST(refuses_any_other_password)
{
    struct password_hasher *hasher = hasher_of(_i);

    const char *hash = hash_with(hasher, "correct horse");

    ck_assert(!is_right(hasher, hash, "correct horses"));
    ck_assert(!is_right(hasher, hash, "Correct horse"));
    ck_assert(!is_right(hasher, hash, ""));
    ck_assert(!is_right(hasher, hash, hash));
}
END_TEST

START_TEST(tells_long_passwords_apart_by_their_last_character)
{
    struct password_hasher *hasher = hasher_of(_i);
    char password[1024 * 4 + 1];
    memset(password, 'p', sizeof(password) - 1);
    password[sizeof(password) - 1] = '\0';

    const char *hash = hash_with(hasher, password);

    ck_assert(is_right(hasher, hash, password));
    password[sizeof(password) - 2] = 'q';
    ck_assert(!is_right(hasher, hash, password));
}
END_TEST

START_TEST(takes_any_character)
{
    struct password_hasher *hasher = hasher_of(_i);

    const char *hash = hash_with(hasher, "пароль 🔑");

    ck_assert(is_right(hasher, hash, "пароль 🔑"));
}
END_TEST

START_TEST(is_never_right_for_nobody)
{
    ck_assert(!is_right(hasher_of(_i), NULL, "correct horse"));
    ck_assert(!is_right(hasher_of(_i), NULL, ""));
}
END_TEST

START_TEST(refuses_what_is_no_hash)
{
    ck_assert(!is_right(hasher_of(_i), "", ""));
    ck_assert(!is_right(hasher_of(_i), "correct horse", "correct horse"));
    ck_assert(!is_right(hasher_of(_i), "$argon2id$v=19$m=19456,t=2,p=1$nMB9Mga", "correct horse"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, knows_the_password_again, 0, IMPLEMENTATIONS);
    tcase_add_loop_test(tests, refuses_any_other_password, 0, IMPLEMENTATIONS);
    tcase_add_loop_test(tests, tells_long_passwords_apart_by_their_last_character, 0,
                        IMPLEMENTATIONS);
    tcase_add_loop_test(tests, takes_any_character, 0, IMPLEMENTATIONS);
    tcase_add_loop_test(tests, is_never_right_for_nobody, 0, IMPLEMENTATIONS);
    tcase_add_loop_test(tests, refuses_what_is_no_hash, 0, IMPLEMENTATIONS);
}
CHECK_MAIN("password_hasher", add_tests)
