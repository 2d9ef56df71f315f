/* Rules of the reading: who acts. */

#include "contracts/users_me.h"
#include "tests/adapters/message.h"
#include "tests/adapters/query_world.h"
#include "tests/support/check_main.h"

static struct query_world world;
static struct message message;

static void setup(void)
{
    query_world_open(&world);
    message_open(&message, &users_me_contract);
    message.ctx.user_id = 99; /* to be overwritten */
    world_add_user(7);
    world_add_user(8);
    world_add_session(DIGEST_OF_A, 7);
    world_add_session(DIGEST_OF_B, 8);
}

static void teardown(void)
{
    message_close(&message);
    query_world_close(&world);
}

static int64_t identify(void)
{
    expect_ok(reading_identify(world.reading, &message.ctx, &message.envelope));
    return message.ctx.user_id;
}

START_TEST(a_session_says_who_acts)
{
    message.envelope.session = DIGEST_OF_B;

    ck_assert_int_eq(identify(), 8);
}
END_TEST

START_TEST(a_user_id_says_who_acts)
{
    message.envelope.has_user_id = true;
    message.envelope.user_id = 7;

    ck_assert_int_eq(identify(), 7);
}
END_TEST

START_TEST(the_rights_of_who_acts_are_told)
{
    world_make_staff(7);
    world_make_superuser(8);

    message.envelope.session = DIGEST_OF_A;
    ck_assert_int_eq(identify(), 7);
    ck_assert(message.ctx.is_staff);
    ck_assert(!message.ctx.is_superuser);

    message.envelope.session = NULL;
    message.envelope.has_user_id = true;
    message.envelope.user_id = 8;
    ck_assert_int_eq(identify(), 8);
    ck_assert(!message.ctx.is_staff);
    ck_assert(message.ctx.is_superuser);
}
END_TEST

START_TEST(nobody_has_no_rights)
{
    message.ctx.is_staff = message.ctx.is_superuser = true; /* to be overwritten */
    message.envelope.session = DIGEST_OF_C;

    ck_assert_int_eq(identify(), NOBODY);

    ck_assert(!message.ctx.is_staff);
    ck_assert(!message.ctx.is_superuser);
}
END_TEST

START_TEST(without_either_nobody_acts)
{
    ck_assert_int_eq(identify(), NOBODY);
}
END_TEST

START_TEST(an_unknown_or_expired_session_is_nobodys)
{
    message.envelope.session = DIGEST_OF_C;
    ck_assert_int_eq(identify(), NOBODY);

    message.envelope.session = DIGEST_OF_A;
    world_expire_session(DIGEST_OF_A);
    ck_assert_int_eq(identify(), NOBODY);
}
END_TEST

START_TEST(an_unknown_user_id_is_nobody)
{
    message.envelope.has_user_id = true;
    message.envelope.user_id = 0;

    ck_assert_int_eq(identify(), NOBODY);
}
END_TEST

START_TEST(a_deactivated_user_is_nobody)
{
    world_deactivate(7);

    message.envelope.session = DIGEST_OF_A;
    ck_assert_int_eq(identify(), NOBODY);
    message.envelope.session = NULL;
    message.envelope.has_user_id = true;
    message.envelope.user_id = 7;
    ck_assert_int_eq(identify(), NOBODY);
}
END_TEST

START_TEST(a_ready_reading_says_so)
{
    expect_ok(reading_ready(world.reading));
    ck_assert_str_eq(reading_trouble(world.reading), "");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, query_world_prepare, query_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_session_says_who_acts);
    tcase_add_test(tests, a_user_id_says_who_acts);
    tcase_add_test(tests, the_rights_of_who_acts_are_told);
    tcase_add_test(tests, nobody_has_no_rights);
    tcase_add_test(tests, without_either_nobody_acts);
    tcase_add_test(tests, an_unknown_or_expired_session_is_nobodys);
    tcase_add_test(tests, an_unknown_user_id_is_nobody);
    tcase_add_test(tests, a_deactivated_user_is_nobody);
    tcase_add_test(tests, a_ready_reading_says_so);
}
CHECK_MAIN("reading", add_tests)
