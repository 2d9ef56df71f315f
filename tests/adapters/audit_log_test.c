/* Rules of the port audit_log. */

#include "contracts/admin_change_user.h"
#include "tests/adapters/command_world.h"
#include "tests/adapters/message.h"
#include "tests/support/check_main.h"

static struct command_world world;
static struct message message;
static int64_t ann;

static void setup(void)
{
    command_world_open(&world);
    message_open(&message, &admin_change_user_contract);
    ann = world_add_user("ann@example.com");
    message.envelope.has_user_id = true;
    message.envelope.user_id = ann;
}

static void teardown(void)
{
    message_close(&message);
    command_world_close(&world);
}

static void begin(void)
{
    enum unit_state state;
    struct outcome stored;
    expect_ok(unit_begin(world.unit, &message.ctx, &message.envelope, message.fingerprint, &state,
                         &stored));
}

static enum err write_entry(void)
{
    struct field_change fields[] = {
        {.field = "email", .old = "bob@example.com", .new = "Bob \"the\" \\ Grüne"},
        {.field = "password", .old = NULL, .new = NULL},
    };
    const struct audit_entry entry = {
        .object = CHANGED_OBJECT_USER,
        .object_id = 7,
        .label = "bob@example.com",
        .changed = {fields, 2},
    };
    return audit_log_write(world.audit, &message.ctx, &entry);
}

START_TEST(an_entry_is_kept_with_the_commit)
{
    begin();
    expect_ok(write_entry());

    expect_ok(
        unit_commit(world.unit, &message.ctx, &(struct outcome){.body = "{}", .body_size = 2}));

    ck_assert_int_eq(world_count_changes(), 1);
    ck_assert(world_has_change(ann, "admin.change_user", "bob@example.com",
                               "{\"fields\":[{\"field\":\"email\",\"old\":\"bob@example.com\","
                               "\"new\":\"Bob \\\"the\\\" \\\\ Grüne\"},"
                               "{\"field\":\"password\",\"old\":null,\"new\":null}]}"));
}
END_TEST

START_TEST(an_entry_of_a_failure_or_an_abort_is_not_kept)
{
    begin();
    expect_ok(write_entry());
    unit_abort(world.unit);
    begin();
    expect_ok(write_entry());
    expect_ok(unit_fail(world.unit, &message.ctx,
                        &(struct outcome){.err = ERR_NOT_FOUND, .body = "{}", .body_size = 2}));

    ck_assert_int_eq(world_count_changes(), 0);
}
END_TEST

START_TEST(an_entry_outlives_what_it_is_about)
{
    begin();
    expect_ok(write_entry());
    expect_ok(
        unit_commit(world.unit, &message.ctx, &(struct outcome){.body = "{}", .body_size = 2}));

    world_delete_user(ann);

    ck_assert_int_eq(world_count_changes(), 1);
}
END_TEST

START_TEST(a_user_who_is_gone_writes_nothing_down_which_is_passing_trouble)
{
    begin();
    world_delete_user(ann);

    expect_err(ERR_UNAVAILABLE, write_entry());

    unit_abort(world.unit);
    ck_assert_int_eq(world_count_changes(), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, an_entry_is_kept_with_the_commit);
    tcase_add_test(tests, an_entry_of_a_failure_or_an_abort_is_not_kept);
    tcase_add_test(tests, an_entry_outlives_what_it_is_about);
    tcase_add_test(tests, a_user_who_is_gone_writes_nothing_down_which_is_passing_trouble);
}
CHECK_MAIN("audit_log", add_tests)
