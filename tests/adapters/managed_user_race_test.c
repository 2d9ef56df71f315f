/* Rules for what the staff does to users that need PostgreSQL: two superusers who abolish each
 * other at once. */

#include "contracts/admin_change_user.h"
#include "ports.h"
#include "tests/adapters/unit_other_worker.h"

static struct ports ports[2]; /* of the world's worker and of the other */

static void use_ports(struct message *message, struct ports *own, const struct command_world *from)
{
    *own = (struct ports){.users = from->users, .sessions = from->sessions, .audit = from->audit};
    message->ctx.ports = own;
}

static enum err demote(struct message *message, int64_t user_id)
{
    const struct admin_change_user_command command = {
        .user_id = user_id, .has_is_staff = true, .has_is_superuser = true};
    struct admin_change_user_result result = {0};
    return admin_change_user_handle(&message->ctx, &command, &result);
}

static void prepare(void)
{
    setup();
    message_close(&first);
    message_close(&second);
    message_open(&first, &admin_change_user_contract);
    message_open(&second, &admin_change_user_contract);
    first.envelope.session = DIGEST_OF_A;
    second.envelope.session = DIGEST_OF_B;
    world_make_staff(ann);
    world_make_staff(bob);
    world_make_superuser(ann);
    world_make_superuser(bob);
    use_ports(&first, &ports[0], &world);
}

static void *demote_ann(void *unused)
{
    begin_second(unused);
    if (other.err == OK) {
        other.err = demote(&second, ann);
    }
    return NULL;
}

static void let_other_wait(void)
{
    postgres_world_open(&other.world, &(struct postgres_options){.lock_timeout_ms = PATIENT_MS});
    use_ports(&second, &ports[1], &other.world.ports);
    expect_ok(unit_ready(other.world.ports.unit));
    ck_assert_int_eq(pthread_create(&other.thread, NULL, demote_ann, NULL), 0);
    test_database_await_lock_wait(postgres_world_database());
}

START_TEST(of_two_superusers_who_abolish_each_other_one_is_too_late)
{
    begin(&first);
    expect_ok(demote(&first, bob));
    let_other_wait();

    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    join_other();

    expect_err(ERR_ACCESS_DENIED, other.err);
    expect_ok(unit_fail(other.world.ports.unit, &second.ctx, &failure));
    struct account found;
    expect_ok(user_store_find(world.users, &first.ctx, ann, &found));
    ck_assert(found.is_superuser);
    postgres_world_close(&other.world);
}
END_TEST

START_TEST(the_second_does_its_work_when_the_first_gives_up)
{
    begin(&first);
    expect_ok(demote(&first, bob));
    let_other_wait();

    unit_abort(world.unit);
    join_other();

    expect_ok(other.err);
    expect_ok(unit_commit(other.world.ports.unit, &second.ctx, &success));
    postgres_world_close(&other.world);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, prepare, teardown);
    tcase_add_test(tests, of_two_superusers_who_abolish_each_other_one_is_too_late);
    tcase_add_test(tests, the_second_does_its_work_when_the_first_gives_up);
}
CHECK_MAIN("managed_user.race", add_tests)
