/* UUIDs. */

#include <string.h>

#include "common/core/uuid.h"
#include "common/core/clock.h"
#include "tests/support/check_main.h"

START_TEST(makes_version_7_in_lower_case)
{
    char text[UUID_TEXT_SIZE];

    uuid_new(text);

    ck_assert_uint_eq(strlen(text), UUID_LENGTH);
    ck_assert(uuid_parse(text, UUID_LENGTH, NULL));
    ck_assert_int_eq(text[14], '7');
    ck_assert_ptr_nonnull(strchr("89ab", text[19]));
}
END_TEST

START_TEST(makes_no_two_alike)
{
    char first[UUID_TEXT_SIZE];
    char second[UUID_TEXT_SIZE];
    for (int i = 0; i < 1000; i++) {
        uuid_new(first);
        uuid_new(second);
        ck_assert_str_ne(first, second);
    }
}
END_TEST

START_TEST(makes_version_8_of_a_digest)
{
    unsigned char digest[32];
    char text[UUID_TEXT_SIZE];
    memset(digest, 0xff, sizeof(digest));

    uuid_of_digest(digest, text);

    ck_assert_str_eq(text, "ffffffff-ffff-8fff-bfff-ffffffffffff");
    ck_assert(uuid_parse(text, UUID_LENGTH, NULL));
}
END_TEST

START_TEST(makes_the_same_of_the_same_digest_only)
{
    unsigned char digest[32] = {1, 2, 3};
    char first[UUID_TEXT_SIZE];
    char second[UUID_TEXT_SIZE];
    uuid_of_digest(digest, first);

    uuid_of_digest(digest, second);
    ck_assert_str_eq(first, second);
    digest[15] = 1;
    uuid_of_digest(digest, second);
    ck_assert_str_ne(first, second);
}
END_TEST

START_TEST(reads_any_version_into_lower_case)
{
    char text[UUID_TEXT_SIZE];

    ck_assert(uuid_parse("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", UUID_LENGTH, text));

    ck_assert_str_eq(text, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
}
END_TEST

START_TEST(refuses_what_is_no_uuid)
{
    static const char *const wrong[] = {
        "",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf60",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bfg",
        "f81d4fae07dec-11d0-a765-00a0c91e6bf6",
        "{81d4fae-7dec-11d0-a765-00a0c91e6bf}",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ck_assert_msg(!uuid_parse(wrong[i], strlen(wrong[i]), NULL), "%s", wrong[i]);
    }
}
END_TEST

START_TEST(tells_when_it_was_made)
{
    char id[UUID_TEXT_SIZE];
    int64_t before_us = clock_wall_us() / 1000 * 1000;
    uuid_new(id);

    ck_assert_int_ge(uuid_time_us(id), before_us);
    ck_assert_int_le(uuid_time_us(id), clock_wall_us());
    /* RFC 9562, A.6 */
    ck_assert_int_eq(uuid_time_us("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"), 1645557742000000);
    ck_assert_int_eq(uuid_time_us("919108f7-52d1-4320-9bac-f847db4148a8"), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, tells_when_it_was_made);
    tcase_add_test(tests, makes_version_7_in_lower_case);
    tcase_add_test(tests, makes_no_two_alike);
    tcase_add_test(tests, makes_version_8_of_a_digest);
    tcase_add_test(tests, makes_the_same_of_the_same_digest_only);
    tcase_add_test(tests, reads_any_version_into_lower_case);
    tcase_add_test(tests, refuses_what_is_no_uuid);
}
CHECK_MAIN("core.uuid", add_tests)
