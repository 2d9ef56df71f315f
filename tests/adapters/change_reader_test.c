/* Rules of the port change_reader. */

#include <string.h>

#include "contracts/admin_list_changes.h"
#include "tests/adapters/message.h"
#include "tests/adapters/query_world.h"
#include "tests/support/check_main.h"

enum { BOB = 2 };

static const int64_t noon = INT64_C(1717243200123456); /* 2024-06-01 12:00:00.123456 */

static struct query_world world;
static struct message message;

static void setup(void)
{
    query_world_open(&world);
    message_open(&message, &admin_list_changes_contract);
}

static void teardown(void)
{
    message_close(&message);
    query_world_close(&world);
}

static struct change_page list(const char *cursor, int64_t limit)
{
    struct change_page page;
    expect_ok(change_reader_list(world.changes, &message.ctx, cursor, limit, &page));
    return page;
}

START_TEST(an_empty_log_is_a_page_without_a_next)
{
    struct change_page page = list(NULL, 20);

    ck_assert_uint_eq(page.count, 0);
    ck_assert_ptr_null(page.next_cursor);
}
END_TEST

START_TEST(an_entry_says_who_changed_what_and_when)
{
    int64_t id = world_add_change(BOB, noon, "bob@example.com");

    struct change_page page = list(NULL, 20);

    ck_assert_uint_eq(page.count, 1);
    const struct admin_change *change = &page.changes[0];
    ck_assert_int_eq(change->id, id);
    ck_assert_int_eq(change->changed_at, noon);
    ck_assert_int_eq(change->user.id, 1);
    ck_assert_str_eq(change->user.email, "ann@example.org");
    ck_assert_str_eq(change->message, "admin.change_user");
    ck_assert_int_eq(change->object, CHANGED_OBJECT_USER);
    ck_assert_int_eq(change->object_id, BOB);
    ck_assert_str_eq(change->label, "bob@example.org");
    ck_assert_uint_eq(change->changed.fields_count, 1);
    ck_assert_str_eq(change->changed.fields[0].field, "email");
    ck_assert_str_eq(change->changed.fields[0].old, "bob@example.com");
    ck_assert_str_eq(change->changed.fields[0].new, "bob@example.org");
}
END_TEST

START_TEST(what_there_was_not_is_null)
{
    world_add_change(BOB, noon, "");

    ck_assert_ptr_null(list(NULL, 20).changes[0].changed.fields[0].old);
}
END_TEST

START_TEST(a_long_text_is_cut)
{
    char text[CHANGE_TEXT_MAX + 2];
    memset(text, 'x', sizeof(text));
    text[CHANGE_TEXT_MAX + 1] = '\0';
    world_add_change(BOB, noon, text);
    text[CHANGE_TEXT_MAX] = '\0';
    world_add_change(BOB, noon + 1, text);

    struct change_page page = list(NULL, 20);

    ck_assert_str_eq(page.changes[0].changed.fields[0].old, text);
    const char *cut = page.changes[1].changed.fields[0].old;
    ck_assert_uint_eq(strlen(cut), CHANGE_TEXT_MAX + strlen("…"));
    ck_assert_str_eq(cut + CHANGE_TEXT_MAX, "…");
}
END_TEST

/* `count` times this letter, in `ret`; the end of it. */
static char *repeat(char *ret, char letter, size_t count)
{
    memset(ret, letter, count);
    ret[count] = '\0';
    return ret + count;
}

START_TEST(long_texts_are_shown_from_shortly_before_they_differ)
{
    char old[701];
    char new[701];
    char lead[CHANGE_TEXT_LEAD + 1];
    char rest[CHANGE_TEXT_MAX - CHANGE_TEXT_LEAD];
    repeat(old, 'x', 700);
    repeat(new, 'x', 700)[-200] = 'y';
    repeat(lead, 'x', CHANGE_TEXT_LEAD);
    repeat(rest, 'x', sizeof(rest) - 1);
    world_add_text_change(noon, old, new);

    const struct field_change *field = &list(NULL, 20).changes[0].changed.fields[0];

    ck_assert_str_eq(field->old, arena_printf(message.ctx.arena, "…%sx%s…", lead, rest));
    ck_assert_str_eq(field->new, arena_printf(message.ctx.arena, "…%sy%s…", lead, rest));
}
END_TEST

START_TEST(what_is_added_to_a_long_text_is_seen)
{
    char old[501];
    char new[504];
    char lead[CHANGE_TEXT_LEAD + 1];
    repeat(old, 'x', 500);
    memcpy(repeat(new, 'x', 500), "end", sizeof("end"));
    repeat(lead, 'x', CHANGE_TEXT_LEAD);
    world_add_text_change(noon, old, new);

    const struct field_change *field = &list(NULL, 20).changes[0].changed.fields[0];

    ck_assert_str_eq(field->old, arena_printf(message.ctx.arena, "…%s", lead));
    ck_assert_str_eq(field->new, arena_printf(message.ctx.arena, "…%send", lead));
}
END_TEST

START_TEST(a_walk_shows_each_entry_once_newest_first)
{
    int64_t ids[5];
    for (int i = 0; i < 5; i++) {
        ids[i] = world_add_change(BOB, noon + i / 2, "old"); /* some at one moment */
    }

    const char *cursor = NULL;
    for (int i = 4; i >= 0; i--) {
        struct change_page page = list(cursor, 1);
        ck_assert_uint_eq(page.count, 1);
        ck_assert_int_eq(page.changes[0].id, ids[i]);
        cursor = page.next_cursor;
        ck_assert_int_eq(cursor == NULL, i == 0);
    }
}
END_TEST

START_TEST(a_cursor_that_is_not_ours_is_refused)
{
    struct change_page page;

    expect_err(ERR_INVALID_INPUT,
               change_reader_list(world.changes, &message.ctx, "nonsense", 20, &page));

    ck_assert_str_eq(message.ctx.problem.errors->field, "cursor");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, query_world_prepare, query_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, an_empty_log_is_a_page_without_a_next);
    tcase_add_test(tests, an_entry_says_who_changed_what_and_when);
    tcase_add_test(tests, what_there_was_not_is_null);
    tcase_add_test(tests, a_long_text_is_cut);
    tcase_add_test(tests, long_texts_are_shown_from_shortly_before_they_differ);
    tcase_add_test(tests, what_is_added_to_a_long_text_is_seen);
    tcase_add_test(tests, a_walk_shows_each_entry_once_newest_first);
    tcase_add_test(tests, a_cursor_that_is_not_ours_is_refused);
}
CHECK_MAIN("change_reader", add_tests)
