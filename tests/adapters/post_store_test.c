/* Rules of the port post_store. */

#include <string.h>

#include "contracts/posts_create.h"
#include "tests/adapters/command_world.h"
#include "tests/adapters/message.h"
#include "tests/support/check_main.h"

static struct command_world world;
static struct message message;
static struct ctx *ctx;
static int64_t author;

static void setup(void)
{
    command_world_open(&world);
    message_open(&message, &posts_create_contract);
    ctx = &message.ctx;
    author = world_add_user("Ann@example.com");
}

static void teardown(void)
{
    message_close(&message);
    command_world_close(&world);
}

static struct post insert(const char *title, enum post_status status)
{
    struct post post = {.title = title, .content = "text", .status = status, .author.id = author};
    expect_ok(post_store_insert(world.posts, ctx, &post));
    return post;
}

START_TEST(inserting_fills_in_what_the_database_decides)
{
    struct post post = insert("first", POST_STATUS_DRAFT);

    ck_assert_int_gt(post.id, 0);
    ck_assert_int_gt(post.created_at, INT64_C(1700000000000000));
    ck_assert_int_eq(post.updated_at, post.created_at);
    ck_assert_str_eq(post.author.email, "Ann@example.com");
}
END_TEST

START_TEST(what_was_inserted_is_found)
{
    struct post post = insert("Grüße – 你好 'quoted' \\", POST_STATUS_PUBLISHED);

    struct post found;
    expect_ok(post_store_find(world.posts, ctx, post.id, &found));

    ck_assert_int_eq(found.id, post.id);
    ck_assert_str_eq(found.title, "Grüße – 你好 'quoted' \\");
    ck_assert_str_eq(found.content, "text");
    ck_assert_int_eq(found.status, POST_STATUS_PUBLISHED);
    ck_assert_int_eq(found.created_at, post.created_at);
    ck_assert_int_eq(found.updated_at, post.updated_at);
    ck_assert_int_eq(found.author.id, author);
    ck_assert_str_eq(found.author.email, "Ann@example.com");
}
END_TEST

START_TEST(each_post_has_an_id_of_its_own)
{
    ck_assert_int_ne(insert("one", POST_STATUS_DRAFT).id, insert("two", POST_STATUS_DRAFT).id);
}
END_TEST

START_TEST(an_author_who_is_gone_is_passing_trouble)
{
    world_delete_user(author);

    struct post post = {
        .title = "t", .content = "c", .status = POST_STATUS_DRAFT, .author.id = author};
    expect_err(ERR_UNAVAILABLE, post_store_insert(world.posts, ctx, &post));
}
END_TEST

START_TEST(updating_changes_what_is_given_and_nothing_else)
{
    struct post post = insert("old", POST_STATUS_DRAFT);

    struct post updated;
    expect_ok(post_store_update(world.posts, ctx, post.id, &(struct post_changes){.title = "new"},
                                &updated));

    ck_assert_str_eq(updated.title, "new");
    ck_assert_str_eq(updated.content, "text");
    ck_assert_int_eq(updated.status, POST_STATUS_DRAFT);
    ck_assert_int_eq(updated.created_at, post.created_at);
    ck_assert_int_gt(updated.updated_at, post.updated_at);
    ck_assert_str_eq(updated.author.email, "Ann@example.com");
}
END_TEST

START_TEST(an_update_is_there_for_the_next_to_find)
{
    struct post post = insert("old", POST_STATUS_DRAFT);
    const struct post_changes changes = {.content = "more", .status = POST_STATUS_PUBLISHED};

    struct post updated;
    expect_ok(post_store_update(world.posts, ctx, post.id, &changes, &updated));

    struct post found;
    expect_ok(post_store_find(world.posts, ctx, post.id, &found));
    ck_assert_str_eq(found.content, "more");
    ck_assert_int_eq(found.status, POST_STATUS_PUBLISHED);
    ck_assert_int_eq(found.updated_at, updated.updated_at);
}
END_TEST

START_TEST(a_post_can_get_another_author)
{
    int64_t other = world_add_user("bob@example.com");
    struct post post = insert("title", POST_STATUS_DRAFT);

    struct post updated;
    expect_ok(post_store_update(world.posts, ctx, post.id,
                                &(struct post_changes){.author_id = other}, &updated));

    ck_assert_int_eq(updated.author.id, other);
    ck_assert_str_eq(updated.author.email, "bob@example.com");
    ck_assert_str_eq(updated.title, "title");
    struct post found;
    expect_ok(post_store_find(world.posts, ctx, post.id, &found));
    ck_assert_int_eq(found.author.id, other);
}
END_TEST

START_TEST(another_author_who_is_gone_is_passing_trouble)
{
    int64_t other = world_add_user("bob@example.com");
    struct post post = insert("title", POST_STATUS_DRAFT);
    world_delete_user(other);

    struct post updated;
    expect_err(ERR_UNAVAILABLE,
               post_store_update(world.posts, ctx, post.id,
                                 &(struct post_changes){.author_id = other}, &updated));
}
END_TEST

START_TEST(a_removed_post_is_not_found)
{
    struct post post = insert("gone", POST_STATUS_DRAFT);
    struct post kept = insert("kept", POST_STATUS_DRAFT);

    expect_ok(post_store_remove(world.posts, ctx, post.id));

    struct post found;
    expect_err(ERR_NOT_FOUND, post_store_find(world.posts, ctx, post.id, &found));
    expect_ok(post_store_find(world.posts, ctx, kept.id, &found));
}
END_TEST

START_TEST(an_authors_posts_are_removed_as_many_as_asked_for)
{
    int64_t bob = world_add_user("bob@example.com");
    struct post of_bob = {
        .title = "b", .content = "c", .status = POST_STATUS_PUBLISHED, .author.id = bob};
    expect_ok(post_store_insert(world.posts, ctx, &of_bob));
    int64_t draft = insert("one", POST_STATUS_DRAFT).id;
    int64_t published = insert("two", POST_STATUS_PUBLISHED).id;

    int64_t *ids;
    size_t count;
    expect_ok(post_store_remove_of(world.posts, ctx, author, 1, &ids, &count));
    ck_assert_uint_eq(count, 1);
    int64_t first = ids[0];
    ck_assert(first == draft || first == published);
    expect_ok(post_store_remove_of(world.posts, ctx, author, 9, &ids, &count));
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(ids[0], first == draft ? published : draft);
    expect_ok(post_store_remove_of(world.posts, ctx, author, 9, &ids, &count));
    ck_assert_uint_eq(count, 0);

    ck_assert_int_eq(world_count_posts(), 1);
    expect_ok(post_store_find(world.posts, ctx, of_bob.id, &of_bob));
}
END_TEST

START_TEST(a_post_that_is_not_there_is_neither_found_nor_updated_nor_removed)
{
    const int64_t nowhere = INT64_C(9007199254740991);
    struct post found;

    expect_err(ERR_NOT_FOUND, post_store_find(world.posts, ctx, nowhere, &found));
    expect_err(ERR_NOT_FOUND, post_store_update(world.posts, ctx, nowhere,
                                                &(struct post_changes){.title = "x"}, &found));
    expect_err(ERR_NOT_FOUND, post_store_remove(world.posts, ctx, nowhere));
    ck_assert_int_eq(ctx->problem.err, ERR_NOT_FOUND);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, inserting_fills_in_what_the_database_decides);
    tcase_add_test(tests, what_was_inserted_is_found);
    tcase_add_test(tests, each_post_has_an_id_of_its_own);
    tcase_add_test(tests, an_author_who_is_gone_is_passing_trouble);
    tcase_add_test(tests, updating_changes_what_is_given_and_nothing_else);
    tcase_add_test(tests, an_update_is_there_for_the_next_to_find);
    tcase_add_test(tests, a_post_can_get_another_author);
    tcase_add_test(tests, another_author_who_is_gone_is_passing_trouble);
    tcase_add_test(tests, a_removed_post_is_not_found);
    tcase_add_test(tests, an_authors_posts_are_removed_as_many_as_asked_for);
    tcase_add_test(tests, a_post_that_is_not_there_is_neither_found_nor_updated_nor_removed);
}
CHECK_MAIN("post_store", add_tests)
