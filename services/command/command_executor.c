/* One command, one transaction. */

#include "command_executor.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "common/core/clock.h"
#include "common/core/digest.h"
#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "common/core/outgoing.h"
#include "common/service/retry.h"
#include "dead_letter.h"

/* How much sooner than the command that sends them those that it sends have to be done. */
enum { SENT_ON_MAX_MS = 1000, SENT_ON_PART = 10 };

static struct command_executor *self_of(struct executor *executor)
{
    return (struct command_executor *)executor;
}

/* The edge where trouble is logged; whoever waits is told no more than the code. */
static enum err note_trouble(struct command_executor *self, const struct ctx *ctx, enum err err)
{
    if (err == ERR_UNAVAILABLE || err == ERR_INTERNAL) {
        log_event(err == ERR_INTERNAL ? LOG_ERROR : LOG_WARNING, "trouble",
                  "message=%s message_id=%s code=%s reason=\"%s\"", ctx->contract->name,
                  ctx->message_id == NULL ? "-" : ctx->message_id, err_info(err)->code,
                  executor_reason(unit_trouble(self->unit), ctx));
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

/* One message on its way. */
struct task {
    const struct work *work;
    struct ctx *ctx;
    unsigned char fingerprint[FINGERPRINT_SIZE];
};

static void reach(const char *failpoint, const struct work *work)
{
    failpoint_reach(failpoint, work->message->body, work->message->body_size);
}

static struct outcome outcome_of(const struct reply *reply)
{
    return (struct outcome){.err = reply->err, .body = reply->body, .body_size = reply->body_size};
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

/* A failure that is told and not stored as the outcome: noted for those who ask later. */
static enum err note_failure(struct command_executor *self, const struct task *task,
                             const struct reply *reply)
{
    const struct outcome outcome = outcome_of(reply);
    enum err err =
        unit_note_failure(self->unit, task->ctx, task->work->envelope, task->fingerprint, &outcome);
    return note_trouble(self, task->ctx, err) == ERR_UNAVAILABLE ? err : OK;
}

/* What the database refuses to commit it will refuse again: an answer, not another try. Nothing has
 * happened that others could be told of. */
static enum err note_commit(struct command_executor *self, const struct task *task, enum err err,
                            struct reply *ret)
{
    struct ctx *ctx = task->ctx;
    note_trouble(self, ctx, err);
    ctx->is_fate_unknown = err == ERR_UNAVAILABLE;
    if (err == OK) {
        reach(FAILPOINT_AFTER_COMMIT, task->work);
    }
    if (err != ERR_INTERNAL) {
        return err;
    }
    ctx->outgoing = NULL;
    reply_make(ctx, err, NULL, ret);
    return note_failure(self, task, ret);
}

static bool has_expired(const struct ctx *ctx)
{
    return ctx->deadline_ms != 0 && clock_wall_us() / 1000 > ctx->deadline_ms;
}

/* Commands that were sent on end before the one that sent them: by a tenth of the time that is
 * left, and 1 s at most, so that little time is not none. Events are no work. */
static void limit_outgoing(const struct command_executor *self, struct ctx *ctx)
{
    int64_t now_ms = clock_wall_us() / 1000;
    int64_t deadline_ms = now_ms + self->command_lifetime_ms;
    int64_t part_ms = (ctx->deadline_ms - now_ms) / SENT_ON_PART;
    int64_t earlier_ms = ctx->deadline_ms - (part_ms < SENT_ON_MAX_MS ? part_ms : SENT_ON_MAX_MS);
    if (ctx->deadline_ms != 0 && earlier_ms < deadline_ms) {
        deadline_ms = earlier_ms;
    }
    for (struct outgoing *outgoing = ctx->outgoing; outgoing != NULL; outgoing = outgoing->next) {
        if (outgoing->contract->kind == MESSAGE_COMMAND) {
            outgoing->deadline_ms = deadline_ms;
        }
    }
}

static enum err commit(struct command_executor *self, const struct task *task, struct reply *ret)
{
    const struct outcome outcome = outcome_of(ret);
    reach(FAILPOINT_BEFORE_COMMIT, task->work);
    enum err err = ret->err == OK ? unit_commit(self->unit, task->ctx, &outcome)
                                  : unit_fail(self->unit, task->ctx, &outcome);
    return note_commit(self, task, err, ret);
}

/* The outcome of the handler: committed when it succeeded or failed for good, undone otherwise. */
static enum err settle(struct command_executor *self, const struct task *task, enum err err,
                       const void *result, struct reply *ret)
{
    struct ctx *ctx = task->ctx;
    if (err == OK && has_expired(ctx)) {
        err = ctx_fail(ctx, ERR_EXPIRED, "the deadline passed before the work was done");
    }
    if (err != OK) {
        ctx->outgoing = NULL;
    }
    limit_outgoing(self, ctx);
    reply_make(ctx, err, result, ret);
    if (err == OK || err_info(err)->disposition == ERR_LASTING) {
        return commit(self, task, ret);
    }
    unit_abort(self->unit);
    if (err_info(err)->disposition == ERR_PASSING) {
        return err;
    }
    TRY(note_trouble(self, ctx, ctx_write_aftermath(ctx)));
    return note_failure(self, task, ret);
}

static enum err run_handler(struct command_executor *self, const struct task *task,
                            struct reply *ret)
{
    struct ctx *ctx = task->ctx;
    void *result = arena_alloc(ctx->arena, ctx->contract->result->size);
    enum err err;
    reach(FAILPOINT_AFTER_BEGIN, task->work);
    if (has_expired(ctx)) {
        err = ctx_fail(ctx, ERR_EXPIRED, "the deadline had passed before the work began");
    } else {
        reach(FAILPOINT_HANDLER, task->work);
        err = task->work->handler->handle(ctx, task->work->input, result);
    }
    return settle(self, task, note_trouble(self, ctx, err), result, ret);
}

/* A message_id of another message has that one's state; with only its key taken it has none yet. */
static enum err refuse_identity(struct command_executor *self, const struct task *task,
                                struct reply *ret)
{
    enum err err = ctx_fail(task->ctx, ERR_IDEMPOTENCY_MISMATCH,
                            "this identity was used for another message, by another user or with "
                            "other fields");
    reply_make(task->ctx, err, NULL, ret);
    return note_failure(self, task, ret);
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

static enum err execute(struct executor *executor, const struct work *work, struct ctx *ctx,
                        struct reply *ret)
{
    struct command_executor *self = self_of(executor);
    struct task task = {.work = work, .ctx = ctx};
    enum unit_state state;
    struct outcome stored;
    take_fingerprint(self, ctx, work->input, task.fingerprint);
    enum err err = unit_begin(self->unit, ctx, work->envelope, task.fingerprint, &state, &stored);
    if (err != OK) {
        note_trouble(self, ctx, err);
        return ERR_UNAVAILABLE;
    }
    switch (state) {
    case UNIT_NEW:
        return run_handler(self, &task, ret) == OK ? OK : ERR_UNAVAILABLE;
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
    return refuse_identity(self, &task, ret);
}

static void leave(struct executor *executor, const struct work *work, enum err err)
{
    struct command_executor *self = self_of(executor);
    if (work->was_delivered_before && err == OK) {
        unit_clear_attempts(self->unit, work->envelope->message_id);
    } else if (work->was_delivered_before) { /* it is tried again, and may kill yet */
        unit_uncount_attempt(self->unit, work->envelope->message_id);
    }
}

static enum err bury(struct executor *executor, const struct work *work, struct ctx *ctx)
{
    struct command_executor *self = self_of(executor);
    struct dead_letter letter;
    unsigned char fingerprint[FINGERPRINT_SIZE];
    bool was_read = work->input != NULL;
    if (was_read) {
        take_fingerprint(self, ctx, work->input, fingerprint);
    }
    dead_letter_make(work, ctx, &letter);
    enum err err =
        unit_bury(self->unit, ctx, work->envelope, was_read ? fingerprint : NULL, &letter);
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
                           const char *secret_key, int64_t command_lifetime_ms)
{
    static const struct executor_ops ops = {
        .admit = admit,
        .execute = execute,
        .leave = leave,
        .bury = bury,
        .forget_outgoing = forget_outgoing,
        .ready = ready,
    };
    *executor = (struct command_executor){
        .base.ops = &ops,
        .unit = unit,
        .secret_key = secret_key,
        .command_lifetime_ms = command_lifetime_ms,
    };
}
