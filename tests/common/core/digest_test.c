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

/* Cases 2 and 6 of RFC 4231, section 4: a short key, and one longer than a block. */
START_TEST(is_hmac_sha256)
{
    static const unsigned char expected[2][4] = {{0x5b, 0xdc, 0xc1, 0x46},
                                                 {0x60, 0xe4, 0x31, 0x59}};
    static const char *const texts[] = {"what do ya want for nothing?",
                                        "Test Using Larger Than Block-Size Key - Hash Key First"};
    char long_key[132] = {0};
    unsigned char digest[DIGEST_SIZE];
    memset(long_key, 0xaa, 131);

    digest_hmac(_i == 0 ? "Jefe" : long_key, texts[_i], strlen(texts[_i]), digest);

    ck_assert_mem_eq(digest, expected[_i], 4);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, is_sha256_in_hex);
    tcase_add_test(tests, knows_what_is_no_digest);
    tcase_add_test(tests, a_keyed_digest_depends_on_all_its_parts);
    tcase_add_loop_test(tests, is_hmac_sha256, 0, 2);
}
CHECK_MAIN("core.digest", add_tests)
