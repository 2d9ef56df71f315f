/* Rules of the unit of work that need PostgreSQL: locks, lost connections, broken transactions. */

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "common/core/outgoing.h"
#include "contracts/posts_created.h"
#include "tests/adapters/unit_other_worker.h"

enum { IDLE_US = 200000 };

static void insert_post(struct ctx *ctx)
{
    struct post post = {
        .title = "t", .content = "c", .status = POST_STATUS_DRAFT, .author.id = ann};
    expect_ok(post_store_insert(world.posts, ctx, &post));
}

static void lose_connections(void)
{
    test_database_terminate(postgres_world_database(), WORLD_APPLICATION);
}

START_TEST(a_found_post_is_locked_until_the_transaction_ends)
{
    insert_post(&first.ctx);
    int64_t id = test_database_integer(postgres_world_database(), "SELECT max(id) FROM posts");
    struct post post;
    begin(&first);
    expect_ok(post_store_find(world.posts, &first.ctx, id, &post));
    start_other(100);
    join_other();

    expect_err(ERR_UNAVAILABLE, post_store_find(other.world.ports.posts, &second.ctx, id, &post));

    unit_abort(other.world.ports.unit);
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    expect_ok(post_store_find(other.world.ports.posts, &second.ctx, id, &post));
    postgres_world_close(&other.world);
}
END_TEST

static void *insert_same_address(void *ret_err)
{
    struct account account = {.email = "NEW@example.com", .password_hash = "h", .is_active = true};
    *(enum err *)ret_err = user_store_insert(other.world.ports.users, &second.ctx, &account);
    return NULL;
}

START_TEST(an_address_is_taken_at_the_same_moment_too)
{
    struct account account = {.email = "new@example.com", .password_hash = "h", .is_active = true};
    start_other(PATIENT_MS);
    join_other();
    begin(&first);
    expect_ok(user_store_insert(world.users, &first.ctx, &account));
    enum err err = OK;
    ck_assert_int_eq(pthread_create(&other.thread, NULL, insert_same_address, &err), 0);
    test_database_await_lock_wait(postgres_world_database());

    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    join_other();

    expect_err(ERR_USER_ALREADY_EXISTS, err);
    postgres_world_close(&other.world);
}
END_TEST

START_TEST(a_connection_lost_while_idle_is_replaced_unnoticed)
{
    do_first();
    lose_connections();
    (void)usleep(IDLE_US);

    ck_assert_str_eq(begin(&second), "replay");
}
END_TEST

START_TEST(what_belongs_to_a_lost_transaction_does_not_happen_alone)
{
    begin(&first);
    lose_connections();
    struct post post = {
        .title = "t", .content = "c", .status = POST_STATUS_DRAFT, .author.id = ann};

    expect_err(ERR_UNAVAILABLE, post_store_insert(world.posts, &first.ctx, &post));
    expect_err(ERR_UNAVAILABLE, post_store_insert(world.posts, &first.ctx, &post));
    expect_err(ERR_UNAVAILABLE, unit_fail(world.unit, &first.ctx, &failure));

    ck_assert_int_eq(world_count_posts(), 0);
    ck_assert_int_eq(world_count_identities(), 0);
}
END_TEST

START_TEST(a_commit_on_a_lost_connection_is_unavailable_and_the_next_begin_works)
{
    begin(&first);
    insert_post(&first.ctx);
    lose_connections();

    expect_err(ERR_UNAVAILABLE, unit_commit(world.unit, &first.ctx, &success));

    repeat_first();
    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_commit(world.unit, &second.ctx, &success));
    ck_assert_int_eq(world_count_posts(), 0);
    ck_assert_int_eq(world_count_identities(), 1);
}
END_TEST

START_TEST(a_refused_statement_can_still_be_answered_with_a_failure)
{
    struct post post = {.title = "", .content = "c", .status = 1, .author.id = ann};
    begin(&first);
    expect_err(ERR_INTERNAL, post_store_insert(world.posts, &first.ctx, &post));
    ck_assert_ptr_nonnull(strstr(unit_trouble(world.unit), "posts_title_check"));
    ck_assert_ptr_null(strstr(first.ctx.problem.detail, "posts_title_check"));

    expect_ok(unit_fail(world.unit, &first.ctx, &failure));

    ck_assert_int_eq(world_count_identities(), 1);
}
END_TEST

START_TEST(a_broken_transaction_cannot_be_committed)
{
    struct post post = {.title = "", .content = "c", .status = 1, .author.id = ann};
    begin(&first);
    expect_err(ERR_INTERNAL, post_store_insert(world.posts, &first.ctx, &post));

    expect_err(ERR_INTERNAL, unit_commit(world.unit, &first.ctx, &success));

    ck_assert_int_eq(world_count_identities(), 0);
    repeat_first();
    ck_assert_str_eq(begin(&second), "new");
}
END_TEST

START_TEST(more_outgoing_messages_than_a_batch_holds_are_kept)
{
    begin(&first);
    for (int i = 0; i < 3 * POSTGRES_BATCH_MAX; i++) {
        buffer_append_text(&outgoing_add(&first.ctx, &posts_created_contract)->body, "{}");
    }

    expect_ok(unit_commit(world.unit, &first.ctx, &success));

    ck_assert_int_eq(world_count_outgoing(), 3 * POSTGRES_BATCH_MAX);
    const char *ids[3 * POSTGRES_BATCH_MAX];
    size_t count = 0;
    for (const struct outgoing *o = first.ctx.outgoing; o != NULL; o = o->next) {
        ids[count++] = o->message_id;
    }
    expect_ok(unit_forget_outgoing(world.unit, ids, count));
    ck_assert_int_eq(world_count_outgoing(), 0);
}
END_TEST

START_TEST(a_large_result_is_replayed_whole)
{
    enum { LARGE = 400000 };
    char *body = arena_alloc(first.arena, LARGE + 1);
    memset(body, 'x', LARGE);
    begin(&first);
    expect_ok(
        unit_commit(world.unit, &first.ctx, &(struct outcome){.body = body, .body_size = LARGE}));
    repeat_first();

    ck_assert_str_eq(begin(&second), "replay");

    ck_assert_uint_eq(stored.body_size, LARGE);
    ck_assert_str_eq(stored.body, body);
}
END_TEST

START_TEST(a_dead_letter_that_is_no_text_is_kept_all_the_same)
{
    const struct dead_letter letter = {
        .message_id = "no uuid",
        .message = "posts.\xff",
        .code = "invalid_input",
        .detail = "grü\xc3ß \xed\xa0\x80 \xf5\xf0\x9f\x98\x80",
        .body = "null",
        .headers = "{\"a\":\"\\u0000\"}",
    };

    expect_ok(unit_bury(world.unit, &first.ctx, &first.envelope, NULL, &letter));

    ck_assert(world_has_letter("grü?ß ??? ?😀"));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_found_post_is_locked_until_the_transaction_ends);
    tcase_add_test(tests, an_address_is_taken_at_the_same_moment_too);
    tcase_add_test(tests, a_connection_lost_while_idle_is_replaced_unnoticed);
    tcase_add_test(tests, what_belongs_to_a_lost_transaction_does_not_happen_alone);
    tcase_add_test(tests, a_commit_on_a_lost_connection_is_unavailable_and_the_next_begin_works);
    tcase_add_test(tests, a_refused_statement_can_still_be_answered_with_a_failure);
    tcase_add_test(tests, a_broken_transaction_cannot_be_committed);
    tcase_add_test(tests, more_outgoing_messages_than_a_batch_holds_are_kept);
    tcase_add_test(tests, a_large_result_is_replayed_whole);
    tcase_add_test(tests, a_dead_letter_that_is_no_text_is_kept_all_the_same);
}
CHECK_MAIN("unit_postgres", add_tests)
