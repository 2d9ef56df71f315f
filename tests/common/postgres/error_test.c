/* Which of the server's errors pass by themselves, and which it would tell again. */

#include "common/postgres/postgres_internal.h"
#include "tests/support/check_main.h"

static const char *const passing[] = {
    "08006", /* connection failure */
    "08P01", /* protocol violation: the connection is no good */
    "40001", /* serialization failure */
    "40003", /* statement completion unknown */
    "40P01", /* deadlock */
    "53300", /* too many connections */
    "53100", /* disk full */
    "55P03", /* lock time-out */
    "57014", /* statement time-out */
    "57P01", /* shutdown */
    "57P02", /* crash */
    "57P03", /* starting */
    "25P03", /* idle in transaction for too long */
    "25P04", /* transaction time-out (PostgreSQL 17) */
    "25006", /* a replica now */
    "58030", /* input or output error */
};

static const char *const lasting[] = {
    "22021", /* not UTF-8 */
    "23505", /* unique violation */
    "23514", /* check violation */
    "25P02", /* the transaction has failed before */
    "42P01", /* no such table */
    "XX000", /* the server's own defect */
};

START_TEST(trouble_that_passes_is_tried_again)
{
    expect_err(ERR_UNAVAILABLE, postgres_err_of_sqlstate(passing[_i]));
}
END_TEST

START_TEST(an_error_without_a_state_is_a_lost_connection)
{
    expect_err(ERR_UNAVAILABLE, postgres_err_of_sqlstate(NULL));
}
END_TEST

START_TEST(what_the_server_refuses_it_will_refuse_again)
{
    expect_err(ERR_INTERNAL, postgres_err_of_sqlstate(lasting[_i]));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, trouble_that_passes_is_tried_again, 0, ARRAY_COUNT(passing));
    tcase_add_test(tests, an_error_without_a_state_is_a_lost_connection);
    tcase_add_loop_test(tests, what_the_server_refuses_it_will_refuse_again, 0,
                        ARRAY_COUNT(lasting));
}
CHECK_MAIN("postgres_error", add_tests)
