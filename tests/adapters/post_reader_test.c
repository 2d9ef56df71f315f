/* Rules of the port post_reader. */

#include <string.h>

#include "contracts/posts_list.h"
#include "tests/adapters/message.h"
#include "tests/adapters/query_world.h"
#include "tests/support/check_main.h"

enum { ANN = 1, BOB = 2, WALK_MAX = 100 };

static const int64_t noon = INT64_C(1717243200123456); /* 2024-06-01 12:00:00.123456 */

static struct query_world world;
static struct message message;
static struct ctx *ctx;

static void setup(void)
{
    query_world_open(&world);
    message_open(&message, &posts_list_contract);
    ctx = &message.ctx;
    world_add_user(ANN);
    world_add_user(BOB);
}

static void teardown(void)
{
    message_close(&message);
    query_world_close(&world);
}

static int64_t publish(int64_t author_id, int64_t created_at)
{
    return world_add_post(author_id, "a title", POST_STATUS_PUBLISHED, created_at);
}

static struct post_page list(const struct post_filter *filter)
{
    struct post_page page;
    expect_ok(post_reader_list(world.posts, ctx, filter, &page));
    return page;
}

/* The published posts' ids, page by page of two; `between` happens after the first page. */
static size_t walk(void (*between)(void), int64_t ret_ids[WALK_MAX])
{
    struct post_filter filter = {.status = POST_STATUS_PUBLISHED, .limit = 2};
    size_t count = 0;
    do {
        struct post_page page = list(&filter);
        ck_assert_uint_le(page.count, 2);
        for (size_t i = 0; i < page.count; i++) {
            ret_ids[count++] = page.posts[i].id;
        }
        if (filter.cursor == NULL && between != NULL) {
            between();
        }
        filter.cursor = page.next_cursor;
    } while (filter.cursor != NULL && count + 2 <= WALK_MAX);
    return count;
}

static void expect_ids(const int64_t *expected, const int64_t *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(ids[i], expected[i]);
    }
}

START_TEST(an_authors_posts_are_counted_whatever_their_status)
{
    (void)world_add_post(BOB, "a title", POST_STATUS_DRAFT, noon);
    (void)publish(BOB, noon);
    (void)publish(ANN, noon);
    int64_t count;

    expect_ok(post_reader_count(world.posts, ctx, BOB, &count));
    ck_assert_int_eq(count, 2);
    expect_ok(post_reader_count(world.posts, ctx, 404, &count));
    ck_assert_int_eq(count, 0);
}
END_TEST

START_TEST(a_post_is_found_whatever_its_status)
{
    int64_t id = world_add_post(BOB, "Grüße", POST_STATUS_DRAFT, noon);

    struct post post;
    expect_ok(post_reader_find(world.posts, ctx, id, &post));

    ck_assert_int_eq(post.id, id);
    ck_assert_str_eq(post.title, "Grüße");
    ck_assert_str_eq(post.content, "some content");
    ck_assert_int_eq(post.status, POST_STATUS_DRAFT);
    ck_assert_int_eq(post.created_at, noon);
    ck_assert_int_eq(post.updated_at, noon);
    ck_assert_int_eq(post.author.id, BOB);
    ck_assert_str_eq(post.author.email, "author2@example.com");
}
END_TEST

START_TEST(a_post_that_is_not_there_is_not_found)
{
    struct post post;
    expect_err(ERR_NOT_FOUND, post_reader_find(world.posts, ctx, 9007199254740991, &post));
}
END_TEST

START_TEST(an_empty_list_is_a_page_without_a_next)
{
    struct post_page page = list(&(struct post_filter){.limit = 20});
    ck_assert_uint_eq(page.count, 0);
    ck_assert_ptr_null(page.next_cursor);
}
END_TEST

START_TEST(a_page_shows_posts_without_their_text_newest_first)
{
    int64_t old = publish(ANN, noon);
    int64_t new = publish(BOB, noon + 1);

    struct post_page page = list(&(struct post_filter){.limit = 20});

    ck_assert_uint_eq(page.count, 2);
    ck_assert_int_eq(page.posts[0].id, new);
    ck_assert_str_eq(page.posts[0].title, "a title");
    ck_assert_int_eq(page.posts[0].created_at, noon + 1);
    ck_assert_int_eq(page.posts[0].author.id, BOB);
    ck_assert_str_eq(page.posts[0].author.email, "author2@example.com");
    ck_assert_int_eq(page.posts[1].id, old);
}
END_TEST

START_TEST(posts_of_one_moment_stand_in_the_order_of_their_ids)
{
    int64_t expected[] = {0, 0, 0, 0, 0};
    for (int i = 4; i >= 0; i--) {
        expected[i] = publish(ANN, noon);
    }

    int64_t ids[WALK_MAX];
    ck_assert_uint_eq(walk(NULL, ids), 5);

    expect_ids(expected, ids, 5);
}
END_TEST

START_TEST(a_full_last_page_has_no_next)
{
    publish(ANN, noon);
    publish(ANN, noon + 1);

    struct post_page page = list(&(struct post_filter){.limit = 2});
    ck_assert_uint_eq(page.count, 2);
    ck_assert_ptr_null(page.next_cursor);
}
END_TEST

START_TEST(a_filter_by_author_shows_that_authors_posts)
{
    int64_t anns = publish(ANN, noon);
    publish(BOB, noon);
    int64_t draft = world_add_post(ANN, "draft", POST_STATUS_DRAFT, noon + 1);

    struct post_page all = list(&(struct post_filter){.author_id = ANN, .limit = 20});
    struct post_page published =
        list(&(struct post_filter){.author_id = ANN, .status = POST_STATUS_PUBLISHED, .limit = 20});

    ck_assert_uint_eq(all.count, 2);
    ck_assert_int_eq(all.posts[0].id, draft);
    ck_assert_int_eq(all.posts[0].status, POST_STATUS_DRAFT);
    ck_assert_uint_eq(published.count, 1);
    ck_assert_int_eq(published.posts[0].id, anns);
}
END_TEST

START_TEST(a_filter_by_status_shows_posts_of_that_status)
{
    int64_t published = publish(ANN, noon);
    int64_t draft = world_add_post(BOB, "draft", POST_STATUS_DRAFT, noon);

    struct post_page drafts = list(&(struct post_filter){.status = POST_STATUS_DRAFT, .limit = 20});
    struct post_page others =
        list(&(struct post_filter){.status = POST_STATUS_PUBLISHED, .limit = 20});

    ck_assert_uint_eq(drafts.count, 1);
    ck_assert_int_eq(drafts.posts[0].id, draft);
    ck_assert_uint_eq(others.count, 1);
    ck_assert_int_eq(others.posts[0].id, published);
}
END_TEST

START_TEST(a_page_of_one_authors_posts_goes_on_with_that_authors)
{
    int64_t oldest = publish(ANN, noon);
    publish(BOB, noon + 1);
    publish(ANN, noon + 2);
    struct post_filter filter = {.author_id = ANN, .limit = 1};

    filter.cursor = list(&filter).next_cursor;
    ck_assert_ptr_nonnull(filter.cursor);
    struct post_page second = list(&filter);

    ck_assert_uint_eq(second.count, 1);
    ck_assert_int_eq(second.posts[0].id, oldest);
    ck_assert_ptr_null(second.next_cursor);
}
END_TEST

START_TEST(a_search_shows_posts_with_that_part_in_their_title)
{
    int64_t second = world_add_post(BOB, "Say HELLO", POST_STATUS_DRAFT, noon);
    int64_t first = world_add_post(ANN, "hello world", POST_STATUS_PUBLISHED, noon + 1);
    world_add_post(ANN, "hell o", POST_STATUS_PUBLISHED, noon + 2);

    struct post_page page = list(&(struct post_filter){.search = "Hello", .limit = 20});

    ck_assert_uint_eq(page.count, 2);
    ck_assert_int_eq(page.posts[0].id, first);
    ck_assert_int_eq(page.posts[1].id, second);
}
END_TEST

START_TEST(a_search_knows_the_cases_of_other_letters)
{
    int64_t id = world_add_post(ANN, "Ein GRÜNER Baum", POST_STATUS_PUBLISHED, noon);

    struct post_page page = list(&(struct post_filter){.search = "grün", .limit = 20});

    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.posts[0].id, id);
}
END_TEST

START_TEST(a_search_takes_every_character_for_itself)
{
    int64_t percent = world_add_post(ANN, "100% sure", POST_STATUS_PUBLISHED, noon);
    int64_t underscore = world_add_post(ANN, "snake_case", POST_STATUS_PUBLISHED, noon);
    world_add_post(ANN, "a back\\slash", POST_STATUS_PUBLISHED, noon);

    struct post_page page = list(&(struct post_filter){.search = "%", .limit = 20});
    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.posts[0].id, percent);
    page = list(&(struct post_filter){.search = "_", .limit = 20});
    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.posts[0].id, underscore);
    page = list(&(struct post_filter){.search = "k\\", .limit = 20});
    ck_assert_uint_eq(page.count, 1);
}
END_TEST

START_TEST(a_search_goes_with_the_filters)
{
    int64_t anns = world_add_post(ANN, "hello", POST_STATUS_DRAFT, noon);
    int64_t bobs = world_add_post(BOB, "hello", POST_STATUS_PUBLISHED, noon);

    struct post_page page =
        list(&(struct post_filter){.search = "hello", .author_id = BOB, .limit = 20});
    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.posts[0].id, bobs);
    page = list(&(struct post_filter){.search = "hello", .status = POST_STATUS_DRAFT, .limit = 20});
    ck_assert_uint_eq(page.count, 1);
    ck_assert_int_eq(page.posts[0].id, anns);
}
END_TEST

START_TEST(a_search_for_nothing_shows_all)
{
    publish(ANN, noon);

    ck_assert_uint_eq(list(&(struct post_filter){.search = "", .limit = 20}).count, 1);
}
END_TEST

START_TEST(a_search_has_pages_too)
{
    int64_t old = publish(ANN, noon);
    publish(ANN, noon + 1);
    struct post_filter filter = {.search = "title", .limit = 1};

    filter.cursor = list(&filter).next_cursor;
    ck_assert_ptr_nonnull(filter.cursor);
    struct post_page second = list(&filter);

    ck_assert_uint_eq(second.count, 1);
    ck_assert_int_eq(second.posts[0].id, old);
    ck_assert_ptr_null(second.next_cursor);
}
END_TEST

static int64_t middle;

static void change_the_list(void)
{
    publish(BOB, noon + 100); /* newer than all */
    publish(BOB, noon - 100); /* older than all */
    world_remove_post(middle);
}

START_TEST(a_walk_neither_repeats_nor_misses_what_existed_throughout)
{
    int64_t expected[6];
    for (int i = 0; i < 7; i++) {
        int64_t id = publish(ANN, noon + i / 2);
        if (i == 3) {
            middle = id;
        } else {
            expected[i < 3 ? 5 - i : 6 - i] = id;
        }
    }

    int64_t ids[WALK_MAX];
    size_t count = walk(change_the_list, ids);

    ck_assert_uint_eq(count, 7); /* the six, and the older one that came */
    expect_ids(expected, ids, 6);
}
END_TEST

START_TEST(a_walk_goes_on_from_a_post_that_was_removed)
{
    int64_t old = publish(ANN, noon);
    publish(ANN, noon + 1);
    int64_t last_shown = publish(ANN, noon + 2);
    struct post_filter filter = {.limit = 1};

    filter.cursor = list(&filter).next_cursor;
    world_remove_post(last_shown);
    filter.limit = 20;
    struct post_page rest = list(&filter);

    ck_assert_uint_eq(rest.count, 2);
    ck_assert_int_eq(rest.posts[1].id, old);
}
END_TEST

static void expect_foreign(const char *cursor)
{
    struct post_page page;
    ctx->problem = (struct problem){0};
    expect_err(ERR_INVALID_INPUT,
               post_reader_list(world.posts, ctx,
                                &(struct post_filter){.cursor = cursor, .limit = 20}, &page));
    ck_assert_ptr_nonnull(ctx->problem.errors);
    ck_assert_str_eq(ctx->problem.errors->field, "cursor");
}

START_TEST(a_cursor_that_is_not_ours_is_refused)
{
    static const char *const foreign[] = {
        "",         "x",
        "nonsense", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "!!!!",     "1;DROP TABLE posts",
        "\xff\xfe", "AQ==",
    };
    for (size_t i = 0; i < ARRAY_COUNT(foreign); i++) {
        expect_foreign(foreign[i]);
    }
}
END_TEST

START_TEST(a_cursor_that_was_touched_is_refused)
{
    publish(ANN, noon);
    publish(ANN, noon + 1);
    const char *cursor = list(&(struct post_filter){.limit = 1}).next_cursor;
    ck_assert_uint_le(strlen(cursor), 200);

    expect_foreign(arena_printf(message.arena, "%sA", cursor));
    char *touched = arena_strdup(message.arena, cursor);
    touched[2] = touched[2] == 'Q' ? 'R' : 'Q';
    expect_foreign(touched);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, query_world_prepare, query_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, an_authors_posts_are_counted_whatever_their_status);
    tcase_add_test(tests, a_post_is_found_whatever_its_status);
    tcase_add_test(tests, a_post_that_is_not_there_is_not_found);
    tcase_add_test(tests, an_empty_list_is_a_page_without_a_next);
    tcase_add_test(tests, a_page_shows_posts_without_their_text_newest_first);
    tcase_add_test(tests, posts_of_one_moment_stand_in_the_order_of_their_ids);
    tcase_add_test(tests, a_full_last_page_has_no_next);
    tcase_add_test(tests, a_filter_by_author_shows_that_authors_posts);
    tcase_add_test(tests, a_filter_by_status_shows_posts_of_that_status);
    tcase_add_test(tests, a_page_of_one_authors_posts_goes_on_with_that_authors);
    tcase_add_test(tests, a_search_shows_posts_with_that_part_in_their_title);
    tcase_add_test(tests, a_search_knows_the_cases_of_other_letters);
    tcase_add_test(tests, a_search_takes_every_character_for_itself);
    tcase_add_test(tests, a_search_goes_with_the_filters);
    tcase_add_test(tests, a_search_for_nothing_shows_all);
    tcase_add_test(tests, a_search_has_pages_too);
    tcase_add_test(tests, a_walk_neither_repeats_nor_misses_what_existed_throughout);
    tcase_add_test(tests, a_walk_goes_on_from_a_post_that_was_removed);
    tcase_add_test(tests, a_cursor_that_is_not_ours_is_refused);
    tcase_add_test(tests, a_cursor_that_was_touched_is_refused);
}
CHECK_MAIN("post_reader", add_tests)
