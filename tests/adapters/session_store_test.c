/* Rules of the port session_store. */

#include "contracts/users_login.h"
#include "tests/adapters/command_world.h"
#include "tests/adapters/message.h"
#include "tests/support/check_main.h"

static struct command_world world;
static struct message message;
static struct ctx *ctx;
static int64_t ann;
static int64_t bob;

static void setup(void)
{
    command_world_open(&world);
    message_open(&message, &users_login_contract);
    ctx = &message.ctx;
    ann = world_add_user("ann@example.com");
    bob = world_add_user("bob@example.com");
}

static void teardown(void)
{
    message_close(&message);
    command_world_close(&world);
}

START_TEST(a_started_session_is_its_users)
{
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, ann));

    ck_assert_int_eq(world_session_user(DIGEST_OF_A), ann);
    ck_assert_int_eq(world_session_user(DIGEST_OF_B), NOBODY);
}
END_TEST

START_TEST(whose_session_was_started_is_noted_in_the_ctx)
{
    ck_assert_int_eq(ctx->session_user_id, NOBODY);

    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, ann));

    ck_assert_int_eq(ctx->session_user_id, ann);
}
END_TEST

START_TEST(the_same_digest_again_is_started_anew)
{
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, ann));
    world_expire_session(DIGEST_OF_A);

    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, bob));

    ck_assert_int_eq(world_session_user(DIGEST_OF_A), bob);
}
END_TEST

START_TEST(an_ended_session_is_nobodys_and_others_go_on)
{
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, ann));
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_B, ann));

    expect_ok(session_store_end(world.sessions, ctx, DIGEST_OF_A));

    ck_assert_int_eq(world_session_user(DIGEST_OF_A), NOBODY);
    ck_assert_int_eq(world_session_user(DIGEST_OF_B), ann);
}
END_TEST

START_TEST(one_session_is_ended_by_its_id)
{
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, ann));
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_B, ann));

    expect_ok(session_store_end_one(world.sessions, ctx, ann, world_session_id(DIGEST_OF_A)));

    ck_assert_int_eq(world_session_user(DIGEST_OF_A), NOBODY);
    ck_assert_int_eq(world_session_user(DIGEST_OF_B), ann);
}
END_TEST

START_TEST(anothers_session_is_not_found_by_its_id)
{
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, ann));
    int64_t id = world_session_id(DIGEST_OF_A);

    expect_err(ERR_NOT_FOUND, session_store_end_one(world.sessions, ctx, bob, id));
    expect_err(ERR_NOT_FOUND, session_store_end_one(world.sessions, ctx, ann, id + 1));

    ck_assert_int_eq(world_session_user(DIGEST_OF_A), ann);
}
END_TEST

START_TEST(others_are_all_of_the_user_but_one)
{
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, ann));
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_B, ann));
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_C, bob));

    expect_ok(session_store_end_others(world.sessions, ctx, ann, DIGEST_OF_B));

    ck_assert_int_eq(world_session_user(DIGEST_OF_A), NOBODY);
    ck_assert_int_eq(world_session_user(DIGEST_OF_B), ann);
    ck_assert_int_eq(world_session_user(DIGEST_OF_C), bob);
}
END_TEST

START_TEST(all_of_a_user_are_ended_and_may_be_followed_by_a_new_one)
{
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, ann));
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_C, bob));

    expect_ok(session_store_end_all(world.sessions, ctx, ann));
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_B, ann));

    ck_assert_int_eq(world_session_user(DIGEST_OF_A), NOBODY);
    ck_assert_int_eq(world_session_user(DIGEST_OF_B), ann);
    ck_assert_int_eq(world_session_user(DIGEST_OF_C), bob);
}
END_TEST

START_TEST(a_touched_session_was_seen_now)
{
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, ann));
    world_see_session(DIGEST_OF_A, 6);

    expect_ok(session_store_touch(world.sessions, ctx, DIGEST_OF_A));

    ck_assert_int_eq(world_session_seen_minutes_ago(DIGEST_OF_A), 0);
    ck_assert_int_eq(world_session_user(DIGEST_OF_A), ann);
}
END_TEST

START_TEST(it_is_not_touched_again_within_five_minutes)
{
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, ann));
    world_see_session(DIGEST_OF_A, 4);

    expect_ok(session_store_touch(world.sessions, ctx, DIGEST_OF_A));

    ck_assert_int_eq(world_session_seen_minutes_ago(DIGEST_OF_A), 4);
}
END_TEST

START_TEST(touching_wakes_no_session_that_has_ended)
{
    expect_ok(session_store_start(world.sessions, ctx, DIGEST_OF_A, ann));
    world_see_session(DIGEST_OF_A, 60);
    world_expire_session(DIGEST_OF_A);

    expect_ok(session_store_touch(world.sessions, ctx, DIGEST_OF_A));
    expect_ok(session_store_touch(world.sessions, ctx, DIGEST_OF_B));

    ck_assert_int_eq(world_session_user(DIGEST_OF_A), NOBODY);
    ck_assert_int_eq(world_session_user(DIGEST_OF_B), NOBODY);
}
END_TEST

START_TEST(a_session_that_is_not_there_has_ended)
{
    expect_ok(session_store_end(world.sessions, ctx, DIGEST_OF_A));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_started_session_is_its_users);
    tcase_add_test(tests, whose_session_was_started_is_noted_in_the_ctx);
    tcase_add_test(tests, the_same_digest_again_is_started_anew);
    tcase_add_test(tests, an_ended_session_is_nobodys_and_others_go_on);
    tcase_add_test(tests, a_session_that_is_not_there_has_ended);
    tcase_add_test(tests, one_session_is_ended_by_its_id);
    tcase_add_test(tests, anothers_session_is_not_found_by_its_id);
    tcase_add_test(tests, others_are_all_of_the_user_but_one);
    tcase_add_test(tests, all_of_a_user_are_ended_and_may_be_followed_by_a_new_one);
    tcase_add_test(tests, a_touched_session_was_seen_now);
    tcase_add_test(tests, it_is_not_touched_again_within_five_minutes);
    tcase_add_test(tests, touching_wakes_no_session_that_has_ended);
}
CHECK_MAIN("session_store", add_tests)
