/* Rules of the port session_reader. */

#include "contracts/sessions_list.h"
#include "tests/adapters/message.h"
#include "tests/adapters/query_world.h"
#include "tests/support/check_main.h"

#define MINUTE_US (60 * INT64_C(1000000))

static struct query_world world;
static struct message message;
static struct session_list list;

static void setup(void)
{
    query_world_open(&world);
    message_open(&message, &sessions_list_contract);
    world_add_user(7);
    world_add_user(8);
    world_add_session(DIGEST_OF_A, 7);
    world_add_session(DIGEST_OF_B, 7);
    world_see_session(DIGEST_OF_A, 10, NULL);
    world_see_session(DIGEST_OF_B, 20, "192.0.2.7");
    world_add_session(DIGEST_OF_C, 8);
}

static void teardown(void)
{
    message_close(&message);
    query_world_close(&world);
}

START_TEST(a_users_sessions_are_listed_from_the_latest_on)
{
    expect_ok(session_reader_list(world.sessions, &message.ctx, 7, &list));

    ck_assert_uint_eq(list.count, 2);
    ck_assert_ptr_null(list.sessions[0].client_address);
    ck_assert_str_eq(list.sessions[1].client_address, "192.0.2.7");
    ck_assert_int_ne(list.sessions[0].id, list.sessions[1].id);
    int64_t between_us = list.sessions[0].last_seen_at - list.sessions[1].last_seen_at;
    ck_assert_int_gt(between_us, 9 * MINUTE_US);
    ck_assert_int_gt(list.sessions[0].expires_at, list.sessions[0].created_at);
}
END_TEST

START_TEST(the_one_it_came_with_is_the_current_one)
{
    message.ctx.session = DIGEST_OF_B;

    expect_ok(session_reader_list(world.sessions, &message.ctx, 7, &list));

    ck_assert(!list.sessions[0].is_current);
    ck_assert(list.sessions[1].is_current);
}
END_TEST

START_TEST(without_a_session_none_is_the_current_one)
{
    expect_ok(session_reader_list(world.sessions, &message.ctx, 7, &list));

    ck_assert(!list.sessions[0].is_current && !list.sessions[1].is_current);
}
END_TEST

START_TEST(an_ended_session_is_not_listed)
{
    world_expire_session(DIGEST_OF_A);

    expect_ok(session_reader_list(world.sessions, &message.ctx, 7, &list));

    ck_assert_uint_eq(list.count, 1);
    ck_assert_str_eq(list.sessions[0].client_address, "192.0.2.7");
}
END_TEST

START_TEST(nobody_has_none)
{
    expect_ok(session_reader_list(world.sessions, &message.ctx, 9, &list));

    ck_assert_uint_eq(list.count, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, query_world_prepare, query_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_users_sessions_are_listed_from_the_latest_on);
    tcase_add_test(tests, the_one_it_came_with_is_the_current_one);
    tcase_add_test(tests, without_a_session_none_is_the_current_one);
    tcase_add_test(tests, an_ended_session_is_not_listed);
    tcase_add_test(tests, nobody_has_none);
}
CHECK_MAIN("session_reader", add_tests)
