/* Rules of the unit of work: what a commit, a failure and an abort leave behind; attempts. */

#include "common/core/outgoing.h"
#include "contracts/posts_created.h"
#include "tests/adapters/unit_fixture.h"

static void insert_post(struct ctx *ctx)
{
    struct post post = {
        .title = "t", .content = "c", .status = POST_STATUS_DRAFT, .author.id = ann};
    expect_ok(post_store_insert(world.posts, ctx, &post));
}

static enum err write_user(struct ctx *ctx, const struct aftermath *self)
{
    (void)self;
    struct account eve = {.email = "eve@example.com", .password_hash = "hash", .is_active = true};
    return user_store_insert(world.users, ctx, &eve);
}

/* What the handler itself stores is gone, what it leaves behind is not. */
START_TEST(a_failed_message_leaves_behind_what_it_said)
{
    struct aftermath aftermath = {.write = write_user};
    struct account fay = {.email = "fay@example.com", .password_hash = "hash", .is_active = true};
    struct account found;
    begin(&first);
    expect_ok(user_store_insert(world.users, &first.ctx, &fay));
    ctx_leave(&first.ctx, &aftermath);

    expect_ok(unit_fail(world.unit, &first.ctx, &failure));

    ck_assert(world_has_row(first.envelope.message_id, "not_found", WORLD_FINAL));
    expect_ok(user_store_find_by_email(world.users, &first.ctx, "eve@example.com", &found));
    expect_err(ERR_NOT_FOUND,
               user_store_find_by_email(world.users, &first.ctx, "fay@example.com", &found));
}
END_TEST

START_TEST(a_commit_keeps_the_effect)
{
    begin(&first);
    insert_post(&first.ctx);

    expect_ok(unit_commit(world.unit, &first.ctx, &success));

    ck_assert_int_eq(world_count_posts(), 1);
}
END_TEST

START_TEST(a_failure_is_stored_and_its_effect_undone)
{
    begin(&first);
    insert_post(&first.ctx);

    expect_ok(unit_fail(world.unit, &first.ctx, &failure));

    ck_assert_int_eq(world_count_posts(), 0);
    repeat_first();
    ck_assert_str_eq(begin(&second), "replay");
    expect_err(ERR_NOT_FOUND, stored.err);
    ck_assert_str_eq(stored.body, "{\"p\":2}");
}
END_TEST

START_TEST(an_abort_leaves_nothing)
{
    begin(&first);
    insert_post(&first.ctx);

    unit_abort(world.unit);

    ck_assert_int_eq(world_count_posts(), 0);
    ck_assert_int_eq(world_count_identities(), 0);
    repeat_first();
    ck_assert_str_eq(begin(&second), "new");
}
END_TEST

START_TEST(a_begin_undoes_a_unit_that_was_left_open)
{
    begin(&first);
    insert_post(&first.ctx);

    ck_assert_str_eq(begin(&second), "new");
    expect_ok(unit_commit(world.unit, &second.ctx, &success));

    ck_assert_int_eq(world_count_posts(), 0);
    ck_assert_int_eq(world_count_identities(), 1);
}
END_TEST

static void send_events(struct ctx *ctx, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct outgoing *outgoing = outgoing_add(ctx, &posts_created_contract);
        buffer_printf(&outgoing->body, "{\"n\":%zu}", i);
    }
}

START_TEST(outgoing_messages_are_kept_with_the_commit)
{
    first.ctx.traceparent = "00-trace";
    begin(&first);
    send_events(&first.ctx, 2);

    expect_ok(unit_commit(world.unit, &first.ctx, &success));

    ck_assert_int_eq(world_count_outgoing(), 2);
    ck_assert(world_has_outgoing("posts.created", "{\"n\":0}", "00-trace"));
    ck_assert(world_has_outgoing("posts.created", "{\"n\":1}", "00-trace"));
}
END_TEST

START_TEST(outgoing_messages_keep_their_deadlines)
{
    begin(&first);
    send_events(&first.ctx, 2);
    first.ctx.outgoing->deadline_ms = INT64_C(1800000000123);

    expect_ok(unit_commit(world.unit, &first.ctx, &success));

    ck_assert_int_eq(world_outgoing_deadline(), INT64_C(1800000000123));
}
END_TEST

START_TEST(outgoing_messages_of_a_failure_or_an_abort_are_not_kept)
{
    begin(&first);
    send_events(&first.ctx, 1);
    expect_ok(unit_fail(world.unit, &first.ctx, &failure));
    begin(&second);
    send_events(&second.ctx, 1);
    unit_abort(world.unit);

    ck_assert_int_eq(world_count_outgoing(), 0);
}
END_TEST

START_TEST(forgotten_outgoing_messages_are_deleted_and_others_stay)
{
    begin(&first);
    send_events(&first.ctx, 3);
    expect_ok(unit_commit(world.unit, &first.ctx, &success));
    const struct outgoing *outgoing = first.ctx.outgoing;
    const char *ids[] = {outgoing->message_id, outgoing->next->next->message_id};

    expect_ok(unit_forget_outgoing(world.unit, ids, 2));
    expect_ok(unit_forget_outgoing(world.unit, ids, 0));

    ck_assert_int_eq(world_count_outgoing(), 1);
}
END_TEST

START_TEST(attempts_are_counted_for_each_message)
{
    int64_t attempts;
    expect_ok(unit_count_attempt(world.unit, first.envelope.message_id, &attempts));
    ck_assert_int_eq(attempts, 1);

    expect_ok(unit_count_attempt(world.unit, first.envelope.message_id, &attempts));
    ck_assert_int_eq(attempts, 2);
    expect_ok(unit_count_attempt(world.unit, second.envelope.message_id, &attempts));
    ck_assert_int_eq(attempts, 1);
}
END_TEST

START_TEST(attempts_at_what_is_done_are_none)
{
    int64_t attempts;
    expect_ok(unit_count_attempt(world.unit, first.envelope.message_id, &attempts));
    ck_assert_int_eq(attempts, 1);
    do_first();

    expect_ok(unit_count_attempt(world.unit, first.envelope.message_id, &attempts));

    ck_assert_int_eq(attempts, 0);
}
END_TEST

START_TEST(attempts_at_what_failed_for_now_are_counted)
{
    int64_t attempts;
    begin(&first);
    fail_for_now(&first, ERR_EXPIRED);

    expect_ok(unit_count_attempt(world.unit, first.envelope.message_id, &attempts));

    ck_assert_int_eq(attempts, 1);
}
END_TEST

START_TEST(cleared_attempts_begin_anew)
{
    int64_t attempts;
    expect_ok(unit_count_attempt(world.unit, first.envelope.message_id, &attempts));
    expect_ok(unit_count_attempt(world.unit, second.envelope.message_id, &attempts));

    unit_clear_attempts(world.unit, first.envelope.message_id);

    expect_ok(unit_count_attempt(world.unit, first.envelope.message_id, &attempts));
    ck_assert_int_eq(attempts, 1);
    expect_ok(unit_count_attempt(world.unit, second.envelope.message_id, &attempts));
    ck_assert_int_eq(attempts, 2);
}
END_TEST

START_TEST(an_attempt_taken_back_leaves_the_others)
{
    int64_t attempts;
    expect_ok(unit_count_attempt(world.unit, first.envelope.message_id, &attempts));
    expect_ok(unit_count_attempt(world.unit, first.envelope.message_id, &attempts));

    unit_uncount_attempt(world.unit, first.envelope.message_id);

    expect_ok(unit_count_attempt(world.unit, first.envelope.message_id, &attempts));
    ck_assert_int_eq(attempts, 2);
}
END_TEST

START_TEST(a_ready_unit_says_so)
{
    expect_ok(unit_ready(world.unit));
    ck_assert_str_eq(unit_trouble(world.unit), "");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_unchecked_fixture(tests, command_world_prepare, command_world_dispose);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_failed_message_leaves_behind_what_it_said);
    tcase_add_test(tests, a_commit_keeps_the_effect);
    tcase_add_test(tests, a_failure_is_stored_and_its_effect_undone);
    tcase_add_test(tests, an_abort_leaves_nothing);
    tcase_add_test(tests, a_begin_undoes_a_unit_that_was_left_open);
    tcase_add_test(tests, outgoing_messages_are_kept_with_the_commit);
    tcase_add_test(tests, outgoing_messages_keep_their_deadlines);
    tcase_add_test(tests, outgoing_messages_of_a_failure_or_an_abort_are_not_kept);
    tcase_add_test(tests, forgotten_outgoing_messages_are_deleted_and_others_stay);
    tcase_add_test(tests, attempts_are_counted_for_each_message);
    tcase_add_test(tests, attempts_at_what_is_done_are_none);
    tcase_add_test(tests, attempts_at_what_failed_for_now_are_counted);
    tcase_add_test(tests, cleared_attempts_begin_anew);
    tcase_add_test(tests, an_attempt_taken_back_leaves_the_others);
    tcase_add_test(tests, a_ready_unit_says_so);
}
CHECK_MAIN("unit", add_tests)
