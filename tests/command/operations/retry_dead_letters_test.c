/* operations.retry_dead_letters: what a member of the staff has done with dead letters. */

#include "contracts/operations_retry_dead_letters.h"
#include "tests/command/world.h"

enum { CHOSEN_MAX = 8, NO_LETTER = 99 };

static struct letter_choice chosen[CHOSEN_MAX];
static struct operations_retry_dead_letters_command command;
static struct operations_retry_dead_letters_result result;

static void setup(void)
{
    world_setup();
    world.ctx.is_staff = true;
    command = (struct operations_retry_dead_letters_command){.letters = chosen};
    result = (struct operations_retry_dead_letters_result){0};
}

static void choose(int64_t id)
{
    chosen[command.letters_count++].id = id;
}

static int64_t add_letter(void)
{
    return fake_dead_letter_store_put(&world.dead_letters, "posts.delete", "{\"post_id\":1}");
}

static enum err handle(void)
{
    return operations_retry_dead_letters_handle(&world.ctx, &command, &result);
}

START_TEST(does_it_with_each_that_is_chosen)
{
    choose(add_letter());
    add_letter();
    choose(add_letter());

    expect_ok(handle());

    ck_assert_int_eq(result.retried, 2);
    ck_assert_uint_eq(result.left_count, 0);
    ck_assert_uint_eq(world.dead_letters.sent_again, 2);
    ck_assert_uint_eq(world.dead_letters.count, 1);
    ck_assert_int_eq(world.dead_letters.acted_for, ANN);
}
END_TEST

START_TEST(tells_of_those_that_are_gone)
{
    choose(NO_LETTER);
    choose(add_letter());

    expect_ok(handle());

    ck_assert_int_eq(result.retried, 1);
    ck_assert_uint_eq(result.left_count, 1);
    ck_assert_int_eq(result.left[0].id, NO_LETTER);
    ck_assert_int_eq(result.left[0].reason, LETTER_OBSTACLE_GONE);
}
END_TEST

START_TEST(does_it_once_with_one_that_is_chosen_twice)
{
    int64_t id = add_letter();
    choose(id);
    choose(id);

    expect_ok(handle());

    ck_assert_int_eq(result.retried, 1);
    ck_assert_uint_eq(world.dead_letters.sent_again, 1);
}
END_TEST

START_TEST(leaves_those_it_cannot_send_and_says_why)
{
    choose(fake_dead_letter_store_put(&world.dead_letters, "users.login",
                                      "{\"password\":\"[removed]\"}"));
    choose(fake_dead_letter_store_put(&world.dead_letters, "notes.tidy", "{}"));
    choose(fake_dead_letter_store_put(&world.dead_letters, "posts.create", "null"));

    expect_ok(handle());

    ck_assert_int_eq(result.retried, 0);
    ck_assert_uint_eq(result.left_count, 3);
    ck_assert_int_eq(result.left[0].id, chosen[0].id);
    ck_assert_int_eq(result.left[0].reason, LETTER_OBSTACLE_HAS_SECRETS);
    ck_assert_int_eq(result.left[1].reason, LETTER_OBSTACLE_UNKNOWN_MESSAGE);
    ck_assert_int_eq(result.left[2].reason, LETTER_OBSTACLE_UNREADABLE);
    ck_assert_uint_eq(world.dead_letters.count, 3);
}
END_TEST

START_TEST(finds_nothing_where_all_are_gone)
{
    choose(NO_LETTER);
    choose(NO_LETTER + 1);

    expect_err(ERR_NOT_FOUND, handle());
}
END_TEST

START_TEST(refuses_who_is_not_staff)
{
    world.ctx.is_staff = false;
    choose(add_letter());

    expect_err(ERR_ACCESS_DENIED, handle());

    ck_assert_uint_eq(world.dead_letters.count, 1);
}
END_TEST

START_TEST(refuses_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;
    world.ctx.is_staff = false;
    choose(add_letter());

    expect_err(ERR_ACCESS_DENIED, handle());

    ck_assert_uint_eq(world.dead_letters.count, 1);
}
END_TEST

START_TEST(passes_trouble_on)
{
    world.dead_letters.fails_with = ERR_UNAVAILABLE;
    choose(add_letter());

    expect_err(ERR_UNAVAILABLE, handle());
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, does_it_with_each_that_is_chosen);
    tcase_add_test(tests, tells_of_those_that_are_gone);
    tcase_add_test(tests, does_it_once_with_one_that_is_chosen_twice);
    tcase_add_test(tests, leaves_those_it_cannot_send_and_says_why);
    tcase_add_test(tests, finds_nothing_where_all_are_gone);
    tcase_add_test(tests, refuses_who_is_not_staff);
    tcase_add_test(tests, refuses_an_anonymous_caller);
    tcase_add_test(tests, passes_trouble_on);
}
CHECK_MAIN("operations.retry_dead_letters", add_tests)
