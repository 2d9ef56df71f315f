/* Rules of the port post_store that need PostgreSQL: two workers at one post at once. */

#include "tests/adapters/unit_other_worker.h"

static struct post post;
static struct post found; /* by the other worker */

static void *find_the_post(void *unused)
{
    (void)unused;
    const struct command_world *ports = &other.world.ports;
    other.err = unit_begin(ports->unit, &second.ctx, &second.envelope, second.fingerprint,
                           &other.state, &other.stored);
    if (other.err == OK) {
        other.err = post_store_find(ports->posts, &second.ctx, post.id, &found);
    }
    return NULL;
}

static void add_a_post_of_ann(void)
{
    begin(&first);
    post = (struct post){
        .title = "title", .content = "text", .status = POST_STATUS_DRAFT, .author.id = ann};
    expect_ok(post_store_insert(world.posts, &first.ctx, &post));
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    message_close(&first);
    message_open(&first, &posts_create_contract);
}

static void let_other_wait(void)
{
    postgres_world_open(&other.world, &(struct postgres_options){.lock_timeout_ms = PATIENT_MS});
    expect_ok(unit_ready(other.world.ports.unit));
    ck_assert_int_eq(pthread_create(&other.thread, NULL, find_the_post, NULL), 0);
    test_database_await_lock_wait(postgres_world_database());
}

START_TEST(a_post_that_gets_another_author_meanwhile_is_found_with_that_author)
{
    struct post changed;
    add_a_post_of_ann();
    begin(&first);
    expect_ok(post_store_update(world.posts, &first.ctx, post.id,
                                &(struct post_changes){.author_id = bob}, &changed));
    let_other_wait();

    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    join_other();

    expect_ok(other.err);
    ck_assert_int_eq(found.author.id, bob);
    ck_assert_str_eq(found.author.email, "bob@example.com");
    expect_ok(unit_commit(other.world.ports.unit, &second.ctx, &success));
    postgres_world_close(&other.world);
}
END_TEST

START_TEST(a_post_that_is_removed_meanwhile_is_not_found)
{
    add_a_post_of_ann();
    begin(&first);
    expect_ok(post_store_remove(world.posts, &first.ctx, post.id));
    let_other_wait();

    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    join_other();

    expect_err(ERR_NOT_FOUND, other.err);
    expect_ok(unit_fail(other.world.ports.unit, &second.ctx, &failure));
    postgres_world_close(&other.world);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_post_that_gets_another_author_meanwhile_is_found_with_that_author);
    tcase_add_test(tests, a_post_that_is_removed_meanwhile_is_not_found);
}
CHECK_MAIN("post_store.race", add_tests)
