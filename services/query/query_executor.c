/* One query. */

#include "query_executor.h"

#include "common/core/clock.h"
#include "common/core/log.h"

static struct query_executor *self_of(struct executor *executor)
{
    return (struct query_executor *)executor;
}

static enum err note_trouble(struct query_executor *self, const struct ctx *ctx, enum err err)
{
    if (err == ERR_UNAVAILABLE || err == ERR_INTERNAL) {
        log_event(err == ERR_INTERNAL ? LOG_ERROR : LOG_WARNING, "trouble",
                  "message=%s code=%s reason=\"%s\"", ctx->contract->name, err_info(err)->code,
                  executor_reason(reading_trouble(self->reading), ctx));
    }
    return err;
}

static enum err admit(struct executor *executor, const struct work *work, struct ctx *ctx)
{
    (void)executor;
    (void)work;
    (void)ctx;
    return OK;
}

static enum err execute(struct executor *executor, const struct work *work, struct ctx *ctx,
                        struct reply *ret)
{
    struct query_executor *self = self_of(executor);
    void *result = arena_alloc(ctx->arena, ctx->contract->result->size);
    enum err err;
    if (ctx->deadline_ms != 0 && clock_wall_us() / 1000 > ctx->deadline_ms) {
        err = ctx_fail(ctx, ERR_EXPIRED, "the deadline had passed before the work began");
    } else {
        err = reading_identify(self->reading, ctx, work->envelope);
        err = err != OK ? err : work->handler->handle(ctx, work->input, result);
    }
    if (note_trouble(self, ctx, err) == ERR_UNAVAILABLE && !reading_has_timed_out(self->reading)) {
        return err;
    }
    reply_make(ctx, err, result, ret);
    return OK;
}

static void leave(struct executor *executor, const struct work *work, enum err err)
{
    (void)executor;
    (void)work;
    (void)err;
}

/* Nobody waits for the answer to this question, and nothing was to happen: there is nothing to
 * keep. */
static enum err bury(struct executor *executor, const struct work *work, struct ctx *ctx)
{
    (void)executor;
    (void)work;
    log_event(LOG_INFO, "query_dropped", "message=%s code=%s", ctx->contract->name,
              err_info(ctx->problem.err)->code);
    return OK;
}

static enum err forget_outgoing(struct executor *executor, const char *const *message_ids,
                                size_t count)
{
    (void)executor;
    (void)message_ids;
    (void)count;
    return OK; /* queries send nothing */
}

static enum err ready(struct executor *executor)
{
    return reading_ready(self_of(executor)->reading);
}

void query_executor_init(struct query_executor *executor, struct reading *reading)
{
    static const struct executor_ops ops = {
        .admit = admit,
        .execute = execute,
        .leave = leave,
        .bury = bury,
        .forget_outgoing = forget_outgoing,
        .ready = ready,
    };
    *executor = (struct query_executor){.base.ops = &ops, .reading = reading};
}
