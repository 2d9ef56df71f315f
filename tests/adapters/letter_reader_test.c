/* Rules of the port letter_reader. */

#include "contracts/operations_list_dead_letters.h"
#include "tests/adapters/message.h"
#include "tests/adapters/query_world.h"
#include "tests/support/check_main.h"

static struct query_world world;
static struct message message;
static struct letter_filter filter;
static struct letter_page page;

static void setup(void)
{
    query_world_open(&world);
    message_open(&message, &operations_list_dead_letters_contract);
    filter = (struct letter_filter){.limit = 20};
}

static void teardown(void)
{
    message_close(&message);
    query_world_close(&world);
}

static void list(void)
{
    expect_ok(letter_reader_list(world.letters, &message.ctx, &filter, &page));
}

START_TEST(there_are_none_at_first)
{
    list();

    ck_assert_uint_eq(page.letter_count, 0);
    ck_assert_uint_eq(page.group_count, 0);
    ck_assert_uint_eq(page.action_count, 0);
    ck_assert_ptr_null(page.next_cursor);
}
END_TEST

START_TEST(the_latest_come_first)
{
    int64_t older = world_add_letter("posts.create", "internal", 2000);
    int64_t newer = world_add_letter("posts.delete", "not_found", 1000);

    list();

    ck_assert_uint_eq(page.letter_count, 2);
    ck_assert_int_eq(page.letters[0].id, newer);
    ck_assert_str_eq(page.letters[0].message, "posts.delete");
    ck_assert_str_eq(page.letters[0].code, "not_found");
    ck_assert_str_eq(page.letters[0].detail, "it went wrong");
    ck_assert_int_eq(page.letters[0].failed_at, 1000);
    ck_assert_ptr_null(page.letters[0].message_id);
    ck_assert(!page.letters[0].has_user_id);
    ck_assert_int_eq(page.letters[1].id, older);
}
END_TEST

START_TEST(a_walk_over_the_pages_shows_each_once)
{
    enum { LETTERS = 5 };
    int64_t ids[LETTERS];
    for (int i = 0; i < LETTERS; i++) {
        ids[i] = world_add_letter("posts.create", "internal", 1000);
    }
    filter.limit = 2;

    for (int seen = 0; seen < LETTERS; seen += (int)page.letter_count) {
        list();
        ck_assert_uint_eq(page.letter_count, seen < 4 ? 2 : 1);
        for (int i = 0; i < (int)page.letter_count; i++) {
            ck_assert_int_eq(page.letters[i].id, ids[LETTERS - 1 - seen - i]);
        }
        filter.cursor = page.next_cursor;
    }

    ck_assert_ptr_null(page.next_cursor);
}
END_TEST

START_TEST(a_full_last_page_has_no_next)
{
    world_add_letter("posts.create", "internal", 1000);
    world_add_letter("posts.create", "internal", 1000);
    filter.limit = 2;

    list();

    ck_assert_uint_eq(page.letter_count, 2);
    ck_assert_ptr_null(page.next_cursor);
}
END_TEST

START_TEST(a_cursor_of_somebody_elses_is_refused)
{
    filter.cursor = "nonsense";

    expect_err(ERR_INVALID_INPUT, letter_reader_list(world.letters, &message.ctx, &filter, &page));
    ck_assert_str_eq(message.ctx.problem.errors->field, "cursor");
}
END_TEST

START_TEST(groups_are_by_message_and_code_the_largest_first)
{
    world_add_letter("posts.create", "internal", 3000);
    world_add_letter("posts.delete", "not_found", 5000);
    world_add_letter("posts.create", "expired", 1000);
    world_add_letter("posts.delete", "not_found", 2000);
    filter.limit = 1;

    list();

    ck_assert_uint_eq(page.group_count, 3);
    ck_assert_str_eq(page.groups[0].message, "posts.delete");
    ck_assert_str_eq(page.groups[0].code, "not_found");
    ck_assert_int_eq(page.groups[0].count, 2);
    ck_assert_int_eq(page.groups[0].oldest_at, 2000);
    ck_assert_int_eq(page.groups[0].newest_at, 5000);
    ck_assert_str_eq(page.groups[1].code, "expired");
    ck_assert_str_eq(page.groups[2].code, "internal");
}
END_TEST

START_TEST(actions_are_the_latest)
{
    for (int i = 0; i < LETTER_ACTIONS_MAX; i++) {
        world_add_action("drop", "posts.create");
    }
    world_add_action("retry", "posts.create");

    list();

    ck_assert_uint_eq(page.action_count, LETTER_ACTIONS_MAX);
    ck_assert_str_eq(page.actions[0].action, "retry");
    ck_assert_str_eq(page.actions[0].actor, "ann");
    ck_assert_str_eq(page.actions[1].action, "drop");
}
END_TEST

START_TEST(a_filter_is_for_all_of_it)
{
    int64_t wanted = world_add_letter("posts.create", "internal", 1000);
    world_add_letter("posts.delete", "internal", 1000);
    world_add_action("drop", "posts.create");
    world_add_action("retry", "posts.delete");
    filter.message = "posts.create";

    list();

    ck_assert_uint_eq(page.letter_count, 1);
    ck_assert_int_eq(page.letters[0].id, wanted);
    ck_assert_uint_eq(page.group_count, 1);
    ck_assert_str_eq(page.groups[0].message, "posts.create");
    ck_assert_uint_eq(page.action_count, 1);
    ck_assert_str_eq(page.actions[0].action, "drop");
}
END_TEST

START_TEST(a_letter_is_found_by_its_number)
{
    struct letter letter;
    int64_t id = world_add_letter("posts.delete", "internal", 1000);

    expect_ok(letter_reader_find(world.letters, &message.ctx, id, &letter));

    ck_assert_int_eq(letter.id, id);
    ck_assert_str_eq(letter.message, "posts.delete");
    ck_assert_str_eq(letter.code, "internal");
    ck_assert_str_eq(letter.detail, "it went wrong");
    ck_assert_int_eq(letter.failed_at, 1000);
    ck_assert_str_eq(letter.body, "{\"post_id\":1}");
    ck_assert_int_eq(letter.body_size, (int64_t)strlen(letter.body));
    ck_assert_str_eq(letter.headers, "{}");
    ck_assert_int_eq(letter.attempts, 0);
    ck_assert(!letter.has_user_id);
    expect_err(ERR_NOT_FOUND, letter_reader_find(world.letters, &message.ctx, id + 1, &letter));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, query_world_prepare, query_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, there_are_none_at_first);
    tcase_add_test(tests, the_latest_come_first);
    tcase_add_test(tests, a_walk_over_the_pages_shows_each_once);
    tcase_add_test(tests, a_full_last_page_has_no_next);
    tcase_add_test(tests, a_cursor_of_somebody_elses_is_refused);
    tcase_add_test(tests, groups_are_by_message_and_code_the_largest_first);
    tcase_add_test(tests, actions_are_the_latest);
    tcase_add_test(tests, a_filter_is_for_all_of_it);
    tcase_add_test(tests, a_letter_is_found_by_its_number);
}
CHECK_MAIN("letter_reader", add_tests)
