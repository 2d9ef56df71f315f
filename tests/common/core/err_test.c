/* The error table against the contract's. */

#include "common/core/err.h"
#include "tests/support/check_main.h"

START_TEST(has_the_codes_and_statuses_of_the_contract)
{
    static const struct {
        const char *code;
        int status;
    } expected[] = {
        {"invalid_input", 400},     {"user_already_exists", 400},
        {"access_denied", 403},     {"authentication_failed", 401},
        {"not_found", 404},         {"method_not_allowed", 405},
        {"payload_too_large", 413}, {"unsupported_media_type", 415},
        {"unavailable", 503},       {"idempotency_mismatch", 422},
        {"expired", 503},           {"internal", 500},
        {"too_many_attempts", 429},
    };
    ck_assert_uint_eq(ARRAY_COUNT(expected), ERR_COUNT - 1);
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++) {
        enum err err = err_from_code(expected[i].code);

        ck_assert_int_ne(err, OK);
        ck_assert_int_eq(err_info(err)->http_status, expected[i].status);
        ck_assert_str_eq(err_info(err)->code, expected[i].code);
    }
}
END_TEST

START_TEST(stores_business_failures_only)
{
    ck_assert_int_eq(err_info(ERR_NOT_FOUND)->disposition, ERR_LASTING);
    ck_assert_int_eq(err_info(ERR_AUTHENTICATION_FAILED)->disposition, ERR_LASTING);
    ck_assert_int_eq(err_info(ERR_INVALID_INPUT)->disposition, ERR_ANSWERED);
    ck_assert_int_eq(err_info(ERR_INTERNAL)->disposition, ERR_ANSWERED);
    ck_assert_int_eq(err_info(ERR_UNAVAILABLE)->disposition, ERR_PASSING);
}
END_TEST

START_TEST(lets_come_again_what_can_be_mended_or_waited_for)
{
    ck_assert(err_may_come_again(ERR_INVALID_INPUT));
    ck_assert(err_may_come_again(ERR_TOO_MANY_ATTEMPTS));
    ck_assert(err_may_come_again(ERR_EXPIRED));
    ck_assert(err_may_come_again(ERR_UNAVAILABLE));
    ck_assert(!err_may_come_again(ERR_NOT_FOUND));
    ck_assert(!err_may_come_again(ERR_INTERNAL));
}
END_TEST

START_TEST(knows_no_other_code)
{
    expect_ok(err_from_code("teapot"));
    expect_ok(err_from_code(""));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, has_the_codes_and_statuses_of_the_contract);
    tcase_add_test(tests, stores_business_failures_only);
    tcase_add_test(tests, lets_come_again_what_can_be_mended_or_waited_for);
    tcase_add_test(tests, knows_no_other_code);
}
CHECK_MAIN("core.err", add_tests)
