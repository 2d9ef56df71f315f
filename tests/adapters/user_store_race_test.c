/* Rules of the port user_store that need PostgreSQL: two workers at one e-mail address at once. */

#include "tests/adapters/unit_other_worker.h"

static struct account wanted; /* what the other worker makes of Bob */

static void *rename_bob(void *unused)
{
    (void)unused;
    const struct command_world *ports = &other.world.ports;
    other.err = unit_begin(ports->unit, &second.ctx, &second.envelope, second.fingerprint,
                           &other.state, &other.stored);
    if (other.err == OK) {
        other.err = user_store_lock(ports->users, &second.ctx, bob, &wanted);
    }
    if (other.err == OK) {
        wanted.email = "cid@example.com";
        other.err = user_store_update(ports->users, &second.ctx, &wanted);
    }
    return NULL;
}

/* Somebody gets the address that Bob is to have, in a transaction that is still open. */
static void take_the_address(void)
{
    begin(&first);
    struct account cid = {.email = "CID@example.com", .password_hash = "hash", .is_active = true};
    expect_ok(user_store_insert(world.users, &first.ctx, &cid));
}

static void let_other_wait(void)
{
    postgres_world_open(&other.world, &(struct postgres_options){.lock_timeout_ms = PATIENT_MS});
    expect_ok(unit_ready(other.world.ports.unit));
    ck_assert_int_eq(pthread_create(&other.thread, NULL, rename_bob, NULL), 0);
    test_database_await_lock_wait(postgres_world_database());
}

START_TEST(an_address_that_becomes_anothers_is_passing_trouble_and_then_taken)
{
    take_the_address();
    let_other_wait();

    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    join_other();

    expect_err(ERR_UNAVAILABLE, other.err);
    unit_abort(other.world.ports.unit);
    rename_bob(NULL); /* the message is tried again */
    expect_err(ERR_USER_ALREADY_EXISTS, other.err);
    expect_ok(unit_fail(other.world.ports.unit, &second.ctx, &failure));
    postgres_world_close(&other.world);
}
END_TEST

START_TEST(an_address_that_stays_free_is_had)
{
    take_the_address();
    let_other_wait();

    unit_abort(world.unit);
    join_other();

    expect_ok(other.err);
    expect_ok(unit_commit(other.world.ports.unit, &second.ctx, &success));
    expect_ok(user_store_find_by_email(world.users, &first.ctx, "cid@example.com", &wanted));
    ck_assert_int_eq(wanted.id, bob);
    postgres_world_close(&other.world);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, an_address_that_becomes_anothers_is_passing_trouble_and_then_taken);
    tcase_add_test(tests, an_address_that_stays_free_is_had);
}
CHECK_MAIN("user_store.race", add_tests)
