/* What the suites of the command executor share: one delivery of one message, and a handler that is
 * told what to answer. */
#pragma once

#include <string.h>

#include "command_executor.h"
#include "common/core/clock.h"
#include "common/core/outgoing.h"
#include "contracts/posts_created.h"
#include "contracts/posts_delete.h"
#include "contracts/users_login.h"
#include "contracts/users_send_registration_notification.h"
#include "tests/fakes/fake_unit.h"
#include "tests/support/check_main.h"

#define MESSAGE_ID "0190a7f0-0000-7000-8000-000000000001"

enum { LIFETIME_MS = 60000 };

static struct arena *arena;
static struct fake_user_store users;
static struct fake_session_store sessions;
static struct fake_unit unit;
static struct command_executor executor;

static enum err handler_answer;
static bool handler_sends;          /* a command, too */
static int64_t handler_deadline_ms; /* what the deadline is once it is done; 0: as it was */
static int handled;
static bool handler_leaves; /* something behind, should it fail */
static int left;            /* how often that was written */

static inline enum err write_left(struct ctx *ctx, const struct aftermath *self)
{
    (void)ctx;
    (void)self;
    left++;
    return OK;
}

static inline enum err handle(struct ctx *ctx, const void *input, void *result)
{
    (void)input;
    (void)result;
    handled++;
    posts_created_publish(ctx, &(struct posts_created_event){.post = {.title = "t",
                                                                      .content = "c",
                                                                      .status = POST_STATUS_DRAFT,
                                                                      .author.email = "a@b.c"}});
    if (handler_sends) {
        users_send_registration_notification_send(
            ctx, &(struct users_send_registration_notification_command){.user_id = 1});
    }
    if (handler_leaves) {
        struct aftermath *aftermath = arena_alloc(ctx->arena, sizeof(*aftermath));
        aftermath->write = write_left;
        ctx_leave(ctx, aftermath);
    }
    ctx->deadline_ms = handler_deadline_ms == 0 ? ctx->deadline_ms : handler_deadline_ms;
    return handler_answer == OK ? OK : ctx_fail(ctx, handler_answer, "told to fail");
}

static const struct handler handler = {&posts_delete_contract, handle};
static struct posts_delete_command input;
static struct bus_message message;
static struct envelope envelope;
static struct ctx ctx;
static struct reply reply;
static struct work work;

static inline void setup(void)
{
    arena = arena_new();
    fake_user_store_init(&users);
    fake_session_store_init(&sessions);
    fake_unit_init(&unit, &users, &sessions, NULL);
    command_executor_init(&executor, &unit.base, "a secret of thirty-two characters", LIFETIME_MS);
    handler_answer = OK;
    handler_sends = false;
    handler_leaves = false;
    left = 0;
    handler_deadline_ms = 0;
    handled = 0;
    input = (struct posts_delete_command){.post_id = 7};
    message = (struct bus_message){.body = "{\"post_id\":7}", .body_size = 13};
    envelope = (struct envelope){.message_id = MESSAGE_ID};
    work = (struct work){
        .handler = &handler, .message = &message, .envelope = &envelope, .input = &input};
}

static inline void teardown(void)
{
    fake_unit_clear(&unit);
    arena_free(arena);
}

/* One delivery: a ctx of its own, as the worker makes it. */
static inline void begin_delivery(void)
{
    ctx_init(&ctx, arena, NULL, work.handler->contract);
    ctx.message_id = envelope.message_id;
    ctx.deadline_ms = envelope.deadline_ms;
}

static inline enum err deliver(void)
{
    begin_delivery();
    enum err err = executor_execute(&executor.base, &work, &ctx, &reply);
    executor_leave(&executor.base, &work, err);
    return err;
}

/* What those who ask for the state of the message are told, and whether repeats are told so. */
static inline void expect_note(enum err err)
{
    const struct fake_identity *identity = fake_unit_identity(&unit, MESSAGE_ID);
    ck_assert_ptr_nonnull(identity);
    expect_err(err, identity->outcome.err);
    ck_assert(!identity->is_final);
    ck_assert_ptr_nonnull(strstr(identity->outcome.body, err_info(err)->code));
}
