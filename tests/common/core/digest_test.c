/* Digests. */

#include <string.h>

#include "common/core/digest.h"
#include "tests/support/check_main.h"

static void keyed(const char *secret, const char *purpose, const char *first, const char *second,
                  unsigned char ret[DIGEST_SIZE])
{
    digest_keyed(secret, purpose, first, strlen(first), second, strlen(second), ret);
}

static bool is_equal(const unsigned char *first, const unsigned char *second)
{
    return memcmp(first, second, DIGEST_SIZE) == 0;
}

START_TEST(is_sha256_in_hex)
{
    char hex[DIGEST_HEX_SIZE];

    digest_hex("abc", 3, hex);

    ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    ck_assert(digest_is_hex(hex));
}
END_TEST

START_TEST(knows_what_is_no_digest)
{
    ck_assert(!digest_is_hex(""));
    ck_assert(!digest_is_hex("ba7816"));
    ck_assert(!digest_is_hex("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"));
    ck_assert(!digest_is_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0"));
}
END_TEST

START_TEST(a_keyed_digest_depends_on_all_its_parts)
{
    unsigned char digest[DIGEST_SIZE];
    unsigned char other[DIGEST_SIZE];
    keyed("secret", "purpose", "ab", "c", digest);

    keyed("secret", "purpose", "ab", "c", other);
    ck_assert(is_equal(digest, other));
    keyed("Secret", "purpose", "ab", "c", other);
    ck_assert(!is_equal(digest, other));
    keyed("secret", "other", "ab", "c", other);
    ck_assert(!is_equal(digest, other));
    keyed("secret", "purpose", "a", "bc", other);
    ck_assert(!is_equal(digest, other));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, is_sha256_in_hex);
    tcase_add_test(tests, knows_what_is_no_digest);
    tcase_add_test(tests, a_keyed_digest_depends_on_all_its_parts);
}
CHECK_MAIN("core.digest", add_tests)
