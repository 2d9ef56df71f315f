/* One command, one transaction. */

#include "command_executor.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "common/core/clock.h"
#include "common/core/digest.h"
#include "common/core/log.h"
#include "dead_letter.h"

static struct command_executor *self_of(struct executor *executor)
{
    return (struct command_executor *)executor;
}

/* The edge where trouble of the database is logged; whoever waits is told no more than the code. */
static enum err note_trouble(struct command_executor *self, const struct ctx *ctx, enum err err)
{
    if (err == ERR_UNAVAILABLE || err == ERR_INTERNAL) {
        log_event(err == ERR_INTERNAL ? LOG_ERROR : LOG_WARNING, "trouble",
                  "message=%s message_id=%s code=%s reason=\"%s\"", ctx->contract->name,
                  ctx->message_id == NULL ? "-" : ctx->message_id, err_info(err)->code,
                  unit_trouble(self->unit));
    }
    return err;
}

/* Equal fields give an equal fingerprint, however their JSON was written. Keyed, as bodies may hold
 * secrets. */
static void take_fingerprint(const struct command_executor *self, const struct ctx *ctx,
                             const void *input, unsigned char ret[FINGERPRINT_SIZE])
{
    struct buffer body;
    buffer_init(&body, ctx->arena);
    json_encode(ctx->contract->input, input, &body);
    digest_keyed(self->secret_key, "fingerprint", ctx->contract->name, strlen(ctx->contract->name),
                 body.data, body.size, ret);
}

static enum err admit(struct executor *executor, const struct work *work, struct ctx *ctx)
{
    struct command_executor *self = self_of(executor);
    int64_t deaths;
    if (!work->was_delivered_before) {
        return OK;
    }
    enum err err = unit_count_attempt(self->unit, work->envelope->message_id, &deaths);
    if (err != OK) {
        return note_trouble(self, ctx, ERR_UNAVAILABLE);
    }
    if (deaths >= DEATHS_MAX) {
        return ctx_fail(ctx, ERR_INTERNAL, "the message has ended its worker %d times", DEATHS_MAX);
    }
    return OK;
}

/* What the database refuses to commit it will refuse again: an answer, not another try. Nothing has
 * happened that others could be told of. */
static enum err note_commit(struct command_executor *self, struct ctx *ctx, enum err err,
                            struct reply *ret)
{
    note_trouble(self, ctx, err);
    ctx->is_fate_unknown = err == ERR_UNAVAILABLE;
    if (err != ERR_INTERNAL) {
        return err;
    }
    ctx->outgoing = NULL;
    reply_make(ctx, err, NULL, ret);
    return OK;
}

/* The outcome of the handler: committed when it succeeded or failed for good, undone otherwise. */
static enum err settle(struct command_executor *self, struct ctx *ctx, enum err err,
                       const void *result, struct reply *ret)
{
    if (err != OK) {
        ctx->outgoing = NULL;
    }
    reply_make(ctx, err, result, ret);
    const struct outcome outcome = {.err = err, .body = ret->body, .body_size = ret->body_size};
    if (err == OK) {
        return note_commit(self, ctx, unit_commit(self->unit, ctx, &outcome), ret);
    }
    if (err_info(err)->disposition == ERR_LASTING) {
        return note_commit(self, ctx, unit_fail(self->unit, ctx, &outcome), ret);
    }
    unit_abort(self->unit);
    return err_info(err)->disposition == ERR_PASSING ? err : OK;
}

static enum err run_handler(struct command_executor *self, const struct work *work, struct ctx *ctx,
                            struct reply *ret)
{
    void *result = arena_alloc(ctx->arena, ctx->contract->result->size);
    enum err err;
    if (ctx->deadline_ms != 0 && clock_wall_us() / 1000 > ctx->deadline_ms) {
        err = ctx_fail(ctx, ERR_EXPIRED, "the deadline had passed before the work began");
    } else {
        err = work->handler->handle(ctx, work->input, result);
    }
    return settle(self, ctx, note_trouble(self, ctx, err), result, ret);
}

/* A stored failure is the reason once more: for a dead letter, where nobody waits. */
static void restore_problem(struct ctx *ctx, const struct outcome *stored)
{
    struct json_slice detail;
    if (stored->err == OK) {
        return;
    }
    ctx->problem.err = stored->err;
    if (json_find_member(stored->body, stored->body_size, "detail", &detail) && detail.size >= 2) {
        ctx->problem.detail = arena_copy(ctx->arena, detail.data + 1, detail.size - 2);
    }
}

static enum err execute_once(struct command_executor *self, const struct work *work,
                             struct ctx *ctx, struct reply *ret)
{
    unsigned char fingerprint[FINGERPRINT_SIZE];
    enum unit_state state;
    struct outcome stored;
    take_fingerprint(self, ctx, work->input, fingerprint);
    enum err err = unit_begin(self->unit, ctx, work->envelope, fingerprint, &state, &stored);
    if (err != OK) {
        note_trouble(self, ctx, err);
        return ERR_UNAVAILABLE;
    }
    switch (state) {
    case UNIT_NEW:
        return run_handler(self, work, ctx, ret) == OK ? OK : ERR_UNAVAILABLE;
    case UNIT_REPLAY:
        restore_problem(ctx, &stored);
        *ret = (struct reply){.err = stored.err,
                              .body = stored.body,
                              .body_size = stored.body_size,
                              .is_replayed = true};
        return OK;
    case UNIT_MISMATCH:
        break;
    }
    err = ctx_fail(
        ctx, ERR_IDEMPOTENCY_MISMATCH,
        "this message_id was used for another message, by another user or with other fields");
    reply_make(ctx, err, NULL, ret);
    return OK;
}

static enum err execute(struct executor *executor, const struct work *work, struct ctx *ctx,
                        struct reply *ret)
{
    struct command_executor *self = self_of(executor);
    enum err err = execute_once(self, work, ctx, ret);
    if (work->was_delivered_before) {
        unit_clear_attempts(self->unit, work->envelope->message_id);
    }
    return err;
}

static enum err bury(struct executor *executor, const struct work *work, struct ctx *ctx)
{
    struct command_executor *self = self_of(executor);
    struct dead_letter letter;
    dead_letter_make(work, ctx, &letter);
    enum err err = unit_bury(self->unit, ctx, &letter);
    if (err != OK) {
        return note_trouble(self, ctx, ERR_UNAVAILABLE);
    }
    log_event(LOG_WARNING, "dead_letter", "message=%s message_id=%s code=%s detail=\"%s\"",
              letter.message, letter.message_id == NULL ? "-" : letter.message_id, letter.code,
              letter.detail);
    return OK;
}

static enum err forget_outgoing(struct executor *executor, const char *const *message_ids,
                                size_t count)
{
    return unit_forget_outgoing(self_of(executor)->unit, message_ids, count);
}

static enum err ready(struct executor *executor)
{
    return unit_ready(self_of(executor)->unit);
}

void command_executor_init(struct command_executor *executor, struct unit *unit,
                           const char *secret_key)
{
    static const struct executor_ops ops = {
        .admit = admit,
        .execute = execute,
        .bury = bury,
        .forget_outgoing = forget_outgoing,
        .ready = ready,
    };
    *executor = (struct command_executor){
        .base.ops = &ops,
        .unit = unit,
        .secret_key = secret_key,
    };
}
