/* posts.retrieve: a published post, or the caller's own draft. */

#include "contracts/posts_retrieve.h"
#include "tests/query/world.h"

static struct posts_retrieve_query query;
static struct posts_retrieve_result result;

static enum err retrieve(int64_t post_id)
{
    query.has_only_owner = true;
    query.post_id = post_id;
    return posts_retrieve_handle(&world.ctx, &query, &result);
}

static void expect_not_found(int64_t post_id)
{
    expect_err(ERR_NOT_FOUND, retrieve(post_id));

    ck_assert_str_eq(world.ctx.problem.detail, "There is no such post");
}

START_TEST(shows_a_published_post_to_anybody)
{
    int64_t id = world_add_post(BOB, POST_STATUS_PUBLISHED);
    world.ctx.user_id = NOBODY;

    expect_ok(retrieve(id));

    const struct fake_read_post *kept = &world.posts.posts[0];
    ck_assert_int_eq(result.post.id, id);
    ck_assert_str_eq(result.post.title, kept->title);
    ck_assert_str_eq(result.post.content, kept->content);
    ck_assert_int_eq(result.post.status, POST_STATUS_PUBLISHED);
    ck_assert_int_eq(result.post.created_at, kept->created_at);
    ck_assert_int_eq(result.post.updated_at, kept->updated_at);
    ck_assert_int_eq(result.post.author.id, BOB);
    ck_assert_str_eq(result.post.author.email, kept->author_email);
}
END_TEST

START_TEST(shows_a_published_post_to_another_user)
{
    expect_ok(retrieve(world_add_post(BOB, POST_STATUS_PUBLISHED)));
}
END_TEST

START_TEST(shows_the_callers_own_draft)
{
    expect_ok(retrieve(world_add_post(ANN, POST_STATUS_DRAFT)));
}
END_TEST

START_TEST(does_not_find_a_draft_of_another)
{
    expect_not_found(world_add_post(BOB, POST_STATUS_DRAFT));
}
END_TEST

START_TEST(does_not_find_a_draft_for_an_anonymous_caller)
{
    world.ctx.user_id = NOBODY;

    expect_not_found(world_add_post(BOB, POST_STATUS_DRAFT));
}
END_TEST

START_TEST(does_not_find_a_post_that_is_not_there)
{
    expect_not_found(404);
}
END_TEST

START_TEST(shows_the_owner_a_post_for_owners_only)
{
    query.only_owner = true;

    expect_ok(retrieve(world_add_post(ANN, POST_STATUS_DRAFT)));
    expect_ok(retrieve(world_add_post(ANN, POST_STATUS_PUBLISHED)));
}
END_TEST

START_TEST(does_not_find_a_post_of_another_for_owners_only)
{
    query.only_owner = true;

    expect_not_found(world_add_post(BOB, POST_STATUS_PUBLISHED));
    expect_not_found(world_add_post(BOB, POST_STATUS_DRAFT));
    expect_not_found(404);
}
END_TEST

START_TEST(refuses_an_anonymous_caller_for_owners_only)
{
    world.ctx.user_id = NOBODY;
    query.only_owner = true;

    expect_err(ERR_ACCESS_DENIED, retrieve(world_add_post(ANN, POST_STATUS_PUBLISHED)));
    expect_err(ERR_ACCESS_DENIED, retrieve(404));
}
END_TEST

START_TEST(does_not_take_trouble_of_ours_for_a_missing_post)
{
    world.posts.fails_with = ERR_UNAVAILABLE;

    expect_err(ERR_UNAVAILABLE, retrieve(1));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, shows_a_published_post_to_anybody);
    tcase_add_test(tests, shows_a_published_post_to_another_user);
    tcase_add_test(tests, shows_the_callers_own_draft);
    tcase_add_test(tests, does_not_find_a_draft_of_another);
    tcase_add_test(tests, does_not_find_a_draft_for_an_anonymous_caller);
    tcase_add_test(tests, does_not_find_a_post_that_is_not_there);
    tcase_add_test(tests, shows_the_owner_a_post_for_owners_only);
    tcase_add_test(tests, does_not_find_a_post_of_another_for_owners_only);
    tcase_add_test(tests, refuses_an_anonymous_caller_for_owners_only);
    tcase_add_test(tests, does_not_take_trouble_of_ours_for_a_missing_post);
}
CHECK_MAIN("posts.retrieve", add_tests)
