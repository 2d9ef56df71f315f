/* Rules of the unit of work that need PostgreSQL: two workers at the same identity at once. */

#include <string.h>

#include "common/core/clock.h"
#include "tests/adapters/unit_other_worker.h"

#define KEY "1111111111111111111111111111111111111111111111111111111111111111"

/* The other worker begins `second` and comes to wait for what the first has in hand. */
static void let_other_wait(void)
{
    start_other(PATIENT_MS);
    test_database_await_lock_wait(postgres_world_database());
}

static void commit_first(void)
{
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
}

static void expect_replay_by_other(void)
{
    join_other();
    expect_ok(other.err);
    ck_assert_int_eq(other.state, UNIT_REPLAY);
    ck_assert_str_eq(other.stored.body, "{\"a\":1}");
    postgres_world_close(&other.world);
}

static void expect_work_by_other(void)
{
    join_other();
    expect_ok(other.err);
    ck_assert_int_eq(other.state, UNIT_NEW);
    expect_ok(unit_commit(other.world.ports.unit, &second.ctx, &success));
    postgres_world_close(&other.world);
}

START_TEST(a_duplicate_waits_for_the_one_at_work_and_gets_its_reply)
{
    begin(&first);
    repeat_first();
    start_other(PATIENT_MS);
    test_database_await_lock_wait(postgres_world_database());

    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    join_other();

    expect_ok(other.err);
    ck_assert_int_eq(other.state, UNIT_REPLAY);
    ck_assert_str_eq(other.stored.body, "{\"a\":1}");
    postgres_world_close(&other.world);
}
END_TEST

START_TEST(a_duplicate_takes_over_when_the_one_at_work_gives_up)
{
    begin(&first);
    repeat_first();
    start_other(PATIENT_MS);
    test_database_await_lock_wait(postgres_world_database());

    unit_abort(world.unit);
    join_other();

    expect_ok(other.err);
    ck_assert_int_eq(other.state, UNIT_NEW);
    expect_ok(unit_commit(other.world.ports.unit, &second.ctx, &success));
    ck_assert_int_eq(world_count_identities(), 1);
    postgres_world_close(&other.world);
}
END_TEST

START_TEST(a_duplicate_does_not_wait_for_ever)
{
    begin(&first);
    repeat_first();

    start_other(100);
    join_other();

    expect_err(ERR_UNAVAILABLE, other.err);
    ck_assert_ptr_nonnull(strstr(unit_trouble(other.world.ports.unit), "55P03"));
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    begin_second(NULL);
    expect_ok(other.err);
    ck_assert_int_eq(other.state, UNIT_REPLAY);
    postgres_world_close(&other.world);
}
END_TEST

static void share_key(void)
{
    first.envelope.idempotency_key = KEY;
    second.envelope.idempotency_key = KEY;
    second.envelope.has_user_id = true;
    second.envelope.user_id = ann;
}

START_TEST(another_message_of_the_key_waits_for_the_one_at_work_and_gets_its_reply)
{
    share_key();
    begin(&first);
    let_other_wait();

    commit_first();

    expect_replay_by_other();
    ck_assert(world_has_row(second.envelope.message_id, NULL, WORLD_FINAL));
}
END_TEST

START_TEST(another_message_of_the_key_takes_over_when_the_one_at_work_gives_up)
{
    share_key();
    begin(&first);
    let_other_wait();

    unit_abort(world.unit);

    expect_work_by_other();
    ck_assert_int_eq(world_count_identities(), 1);
}
END_TEST

static void fail_first_for_now(void)
{
    begin(&first);
    fail_for_now(&first, ERR_EXPIRED);
    repeat_first();
}

START_TEST(of_two_that_take_a_place_over_one_gets_the_others_reply)
{
    fail_first_for_now();
    ck_assert_str_eq(begin(&first), "new");
    let_other_wait();

    commit_first();

    expect_replay_by_other();
    ck_assert_int_eq(world_count_identities(), 1);
}
END_TEST

START_TEST(of_two_that_take_a_place_over_one_works_when_the_other_gives_up)
{
    fail_first_for_now();
    ck_assert_str_eq(begin(&first), "new");
    let_other_wait();

    unit_abort(world.unit);

    expect_work_by_other();
    ck_assert(world_has_row(second.envelope.message_id, NULL, WORLD_FINAL));
}
END_TEST

START_TEST(a_place_is_not_taken_over_while_its_key_is_at_work)
{
    begin(&second);
    fail_for_now(&second, ERR_EXPIRED);
    share_key();
    ck_assert_str_eq(begin(&first), "new");
    let_other_wait();

    commit_first();

    expect_replay_by_other();
    ck_assert(world_has_row(second.envelope.message_id, NULL, WORLD_FINAL));
    ck_assert_int_eq(world_count_identities(), 2);
}
END_TEST

START_TEST(a_burying_waits_for_the_one_at_work_and_changes_nothing)
{
    const struct dead_letter letter = {
        .message_id = first.envelope.message_id,
        .message = "posts.create",
        .code = "internal",
        .detail = "poison",
        .body = "null",
        .headers = "{}",
        .problem = "{}",
        .is_final = true,
    };
    postgres_world_open(&other.world, &(struct postgres_options){.lock_timeout_ms = 100});
    begin(&first);

    expect_err(ERR_UNAVAILABLE,
               unit_bury(other.world.ports.unit, &second.ctx, &first.envelope, NULL, &letter));
    ck_assert_int_eq(world_count_letters(), 0);
    commit_first();
    expect_ok(unit_bury(other.world.ports.unit, &second.ctx, &first.envelope, NULL, &letter));

    ck_assert(world_has_row(first.envelope.message_id, NULL, WORLD_FINAL));
    ck_assert_int_eq(world_count_letters(), 1);
    postgres_world_close(&other.world);
}
END_TEST

/* The database needs a moment to see that a connection has ended. */
static void count_when_alone(const char *id, int64_t *ret_attempts)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENT_MS;
    enum err err;
    do {
        err = unit_count_attempt(world.unit, id, ret_attempts);
    } while (err == ERR_UNAVAILABLE && clock_monotonic_ms() < end_ms);
    expect_ok(err);
}

START_TEST(an_attempt_in_company_is_no_death)
{
    const char *id = first.envelope.message_id;
    int64_t attempts;
    postgres_world_open(&other.world, &(struct postgres_options){.lock_timeout_ms = 100});
    struct unit *company = other.world.ports.unit;
    expect_ok(unit_count_attempt(world.unit, id, &attempts));

    expect_err(ERR_UNAVAILABLE, unit_count_attempt(company, id, &attempts));
    expect_ok(unit_count_attempt(company, second.envelope.message_id, &attempts));
    unit_uncount_attempt(world.unit, id);
    expect_ok(unit_count_attempt(company, id, &attempts));
    ck_assert_int_eq(attempts, 1);
    postgres_world_close(&other.world); /* as when its process dies */

    count_when_alone(id, &attempts);
    ck_assert_int_eq(attempts, 2);
}
END_TEST

/* Locks the posts of the two threads of a_deadlock_is_passing_trouble in opposite orders. */
struct locker {
    struct postgres_world world;
    struct message message;
    int64_t second_id;
    enum err err;
};

static void lock_post(struct locker *locker, int64_t id)
{
    struct post post;
    locker->err = post_store_find(locker->world.ports.posts, &locker->message.ctx, id, &post);
}

static void *lock_second(void *locker)
{
    lock_post(locker, ((struct locker *)locker)->second_id);
    return NULL;
}

static void open_locker(struct locker *ret, int64_t first_id, int64_t second_id)
{
    enum unit_state state;
    message_open(&ret->message, &posts_create_contract);
    ret->second_id = second_id;
    postgres_world_open(&ret->world, &(struct postgres_options){.lock_timeout_ms = PATIENT_MS});
    expect_ok(unit_begin(ret->world.ports.unit, &ret->message.ctx, &ret->message.envelope,
                         ret->message.fingerprint, &state, &stored));
    lock_post(ret, first_id);
    expect_ok(ret->err);
}

static int64_t write_post(void)
{
    struct post post = {
        .title = "t", .content = "c", .status = POST_STATUS_DRAFT, .author.id = ann};
    expect_ok(post_store_insert(world.posts, &first.ctx, &post));
    return post.id;
}

START_TEST(a_deadlock_is_passing_trouble_of_one_of_the_two)
{
    int64_t ids[2] = {write_post(), write_post()};
    struct locker lockers[2];
    open_locker(&lockers[0], ids[0], ids[1]);
    open_locker(&lockers[1], ids[1], ids[0]);
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, lock_second, &lockers[0]), 0);
    test_database_await_lock_wait(postgres_world_database());

    lock_post(&lockers[1], ids[0]);
    if (lockers[1].err != OK) {
        unit_abort(lockers[1].world.ports.unit);
    }
    ck_assert_int_eq(pthread_join(thread, NULL), 0);

    const struct locker *loser = lockers[0].err == OK ? &lockers[1] : &lockers[0];
    expect_ok(lockers[lockers[0].err == OK ? 0 : 1].err);
    expect_err(ERR_UNAVAILABLE, loser->err);
    ck_assert_ptr_nonnull(strstr(unit_trouble(loser->world.ports.unit), "40P01"));
    for (int i = 0; i < 2; i++) {
        postgres_world_close(&lockers[i].world);
        message_close(&lockers[i].message);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_duplicate_waits_for_the_one_at_work_and_gets_its_reply);
    tcase_add_test(tests, a_duplicate_takes_over_when_the_one_at_work_gives_up);
    tcase_add_test(tests, a_duplicate_does_not_wait_for_ever);
    tcase_add_test(tests, another_message_of_the_key_waits_for_the_one_at_work_and_gets_its_reply);
    tcase_add_test(tests, another_message_of_the_key_takes_over_when_the_one_at_work_gives_up);
    tcase_add_test(tests, of_two_that_take_a_place_over_one_gets_the_others_reply);
    tcase_add_test(tests, of_two_that_take_a_place_over_one_works_when_the_other_gives_up);
    tcase_add_test(tests, a_place_is_not_taken_over_while_its_key_is_at_work);
    tcase_add_test(tests, a_burying_waits_for_the_one_at_work_and_changes_nothing);
    tcase_add_test(tests, an_attempt_in_company_is_no_death);
    tcase_add_test(tests, a_deadlock_is_passing_trouble_of_one_of_the_two);
}
CHECK_MAIN("unit_race", add_tests)
