/* One message, from its envelope to its reply. */

#include <inttypes.h>

#include "common/core/clock.h"
#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "common/core/outgoing.h"
#include "common/service/publication.h"
#include "common/service/worker_state.h"

enum {
    TURN_PAUSE_MS = 5,                    /* before the turn is tried for again */
    TURN_LEFT_MIN_MS = 2 * TURN_PAUSE_MS, /* how long it is left to others: so that they get it, */
    TURN_LEFT_MAX_MS = 1000,
    TURN_LEFT_PART = 4, /* and for this part of the time it was held */
};

static void publish_outgoing(struct worker *worker, const struct ctx *ctx)
{
    for (const struct outgoing *out = ctx->outgoing; out != NULL; out = out->next) {
        uint64_t sequence;
        const struct publication publication = {
            .contract = out->contract,
            .message_id = out->message_id,
            .body = out->body.data,
            .body_size = out->body.size,
            .language = ctx->language,
            .traceparent = ctx->traceparent,
            .deadline_ms = out->deadline_ms,
        };
        if (!sent_has_room(&worker->sent) ||
            !publication_send(&publication, worker->publish, &sequence)) {
            return; /* the sweep will */
        }
        sent_add(&worker->sent, sequence, out->message_id);
    }
}

void worker_send_reply(struct worker *worker, struct job *job)
{
    if (worker->suspects > 0 && worker->unconfirmed_replies > 0) {
        return; /* one at a time, so that the culprit is known */
    }
    if (reply_publish(&job->reply, job->handler->contract, job->reply_to, job->correlation_id,
                      worker->publish, &job->sequence)) {
        worker->unconfirmed_replies++;
    } else {
        job->sequence = 0;
    }
}

static void copy_envelope(struct ctx *ctx, const struct envelope *envelope)
{
    ctx->message_id = envelope->message_id[0] == '\0' ? NULL : envelope->message_id;
    ctx->session = envelope->session;
    ctx->new_session = envelope->new_session;
    ctx->client_address = envelope->client_address;
    ctx->language = envelope->language;
    ctx->traceparent = envelope->traceparent;
    ctx->deadline_ms = envelope->deadline_ms;
}

static enum err read_input(struct ctx *ctx, const struct bus_message *message, const void **ret)
{
    if (message->is_too_large) {
        return ctx_invalid(ctx, "body", "must be at most %d bytes", BUS_BODY_MAX);
    }
    const struct json_object *object = ctx->contract->input;
    void *input = arena_alloc(ctx->arena, object->size);
    TRY(json_decode(object, message->body, message->body_size, ctx->arena, &ctx->problem, input));
    *ret = input;
    return OK;
}

static bool has_identity(const struct work *work)
{
    return work->envelope->message_id[0] != '\0';
}

/* What worker_hand_in_again lets pass though it was delivered before has ended its worker too
 * often.
 */
static enum err admit(struct worker *worker, const struct job *job, const struct work *work,
                      struct ctx *ctx)
{
    if (ctx->contract->kind == MESSAGE_QUERY) {
        return job->was_delivered_before && job->retries + 1 >= DEATHS_MAX
                   ? ctx_fail(ctx, ERR_INTERNAL, "the query has ended its worker %d times",
                              DEATHS_MAX)
                   : OK;
    }
    return has_identity(work) ? executor_admit(worker->options.executor, work, ctx) : OK;
}

/* A message that was not read as it came would not be copied as it came. */
static void note_retries(struct job *job, const struct envelope *envelope, enum err envelope_err)
{
    job->retries = envelope->retries < 0 ? 0 : envelope->retries;
    job->is_deferrable = job->handler->contract->kind == MESSAGE_COMMAND && envelope_err == OK &&
                         !job->message.is_too_large && job->message.header_count < BUS_HEADERS_MAX;
}

/* A message that nobody waits for, or that has failed for good: kept. A query leaves nothing. */
static enum err bury(struct executor *executor, const struct job *job, const struct work *work,
                     struct ctx *ctx)
{
    TRY(executor_bury(executor, work, ctx));
    worker_count_buried(job);
    return OK;
}

/* From the fields to the reply; what is wrong with the envelope and them is said all at once. */
static enum err handle_admitted(struct executor *executor, struct job *job, struct ctx *ctx,
                                struct work *work, enum err envelope_err)
{
    enum err err = read_input(ctx, &job->message, &work->input);
    err = envelope_err != OK ? envelope_err : err;
    if (err == OK) {
        TRY(executor_execute(executor, work, ctx, &job->reply));
    } else {
        reply_make(ctx, err, NULL, &job->reply);
    }
    bool is_unheard = job->reply.err != OK && work->envelope->reply_to == NULL;
    return is_unheard ? bury(executor, job, work, ctx) : OK;
}

/* Everything from the envelope to the reply, be it a problem. ERR_UNAVAILABLE: nothing is answered
 * yet. */
static enum err handle(struct worker *worker, struct job *job, struct ctx *ctx,
                       struct envelope *envelope)
{
    struct executor *executor = worker->options.executor;
    struct work work = {
        .handler = job->handler,
        .message = &job->message,
        .envelope = envelope,
        .was_delivered_before = job->was_delivered_before,
    };
    ctx_init(ctx, job->arena, worker->options.ports, job->handler->contract);
    enum err envelope_err =
        envelope_read(&job->message, ctx->contract, ctx->arena, &ctx->problem, envelope);
    copy_envelope(ctx, envelope);
    note_retries(job, envelope, envelope_err);
    worker_count_begun(job, envelope);

    enum err err = admit(worker, job, &work, ctx);
    if (err != OK) {
        job->is_deferrable = false; /* a new delivery would be handled without being counted */
    }
    if (err == ERR_UNAVAILABLE) {
        return err;
    }
    if (err != OK) { /* poison: kept, whoever waits for it */
        reply_make(ctx, err, NULL, &job->reply);
        return bury(executor, job, &work, ctx);
    }

    err = handle_admitted(executor, job, ctx, &work, envelope_err);
    if (has_identity(&work)) {
        executor_leave(executor, &work, err);
    }
    return err;
}

static void note_handled(const struct job *job, const struct ctx *ctx)
{
    worker_count_handled(job);
    log_event(LOG_INFO, "message_handled",
              "message=%s message_id=%s code=%s user=%" PRId64 " us=%" PRId64 " replayed=%d",
              ctx->contract->name, ctx->message_id == NULL ? "-" : ctx->message_id,
              job->reply.err == OK ? "ok" : err_info(job->reply.err)->code, ctx->user_id,
              clock_monotonic_us() - job->received_us, job->reply.is_replayed);
}

/* Why the service has given up, to whoever waits; a command is kept, whoever waits for it. */
static enum err give_up(struct worker *worker, const struct job *job, struct ctx *ctx,
                        const struct envelope *envelope, struct reply *ret)
{
    const struct work work = {.handler = job->handler,
                              .message = &job->message,
                              .envelope = envelope,
                              .was_delivered_before = job->was_delivered_before};
    if (ctx->problem.detail == NULL) {
        (void)ctx_fail(ctx, ERR_UNAVAILABLE, "the service cannot do this now");
    }
    reply_make(ctx, ERR_UNAVAILABLE, NULL, ret);
    bool is_kept = ctx->contract->kind == MESSAGE_COMMAND || envelope->reply_to == NULL;
    return is_kept ? bury(worker->options.executor, job, &work, ctx) : OK;
}

/* What is not known to be undone is never given up. */
static bool is_hopeless(const struct job *job)
{
    bool is_query = job->handler->contract->kind == MESSAGE_QUERY;
    bool is_at_the_end = is_query || (job->is_deferrable && job->retries >= RETRIES_MAX);
    return job->tries >= TRIES_MAX && is_at_the_end && !job->is_fate_unknown;
}

/* Passing trouble: later, here or by the ladder, and if it is not just this message but the
 * executor, everything later. OK: given up, its reply is made. */
static enum err put_off(struct worker *worker, struct job *job, struct ctx *ctx,
                        const struct envelope *envelope)
{
    int64_t now_ms = clock_monotonic_ms();
    job->is_fate_unknown = job->is_fate_unknown || ctx->is_fate_unknown;
    if (!worker_is_executor_ready(worker)) {
        worker->paused_until_ms = now_ms + READY_RETRY_MS;
        return ERR_UNAVAILABLE; /* an outage of the database counts against nobody */
    }
    job->tries++;
    if (is_hopeless(job) && give_up(worker, job, ctx, envelope, &job->reply) == OK) {
        return OK;
    }
    if (job->tries >= TRIES_MAX && job->is_deferrable) {
        worker_defer(worker, job);
    } else {
        job->not_before_ms = now_ms + retry_pause_ms(job->tries);
    }
    worker_count_retry(job);
    return ERR_UNAVAILABLE;
}

/*
 * A command that was delivered before may be what ended its process. Of such only one is at work in
 * a process, so that the next death is counted against the culprit alone.
 */
static bool is_questionable(const struct worker *worker, const struct job *job)
{
    return worker->options.questionable != NULL && job->was_delivered_before &&
           job->handler->contract->kind == MESSAGE_COMMAND;
}

static bool begin_turn(struct worker *worker, struct job *job)
{
    if (!is_questionable(worker, job)) {
        return true;
    }
    worker->turn_begun_ms = clock_monotonic_ms();
    if (worker->turn_begun_ms < worker->turn_after_ms) {
        job->not_before_ms = worker->turn_after_ms;
        return false;
    }
    if (atomic_flag_test_and_set(worker->options.questionable)) {
        job->not_before_ms = worker->turn_begun_ms + TURN_PAUSE_MS;
        return false;
    }
    return true;
}

/* Nobody waits in line for the turn: without a pause one worker would keep it, and a mail server
 * that does not answer would hold up whatever else was delivered before. */
static void end_turn(struct worker *worker, const struct job *job)
{
    if (!is_questionable(worker, job)) {
        return;
    }
    atomic_flag_clear(worker->options.questionable);
    int64_t now_ms = clock_monotonic_ms();
    int64_t left_ms = (now_ms - worker->turn_begun_ms) / TURN_LEFT_PART;
    left_ms = left_ms < TURN_LEFT_MIN_MS ? TURN_LEFT_MIN_MS : left_ms;
    worker->turn_after_ms = now_ms + (left_ms < TURN_LEFT_MAX_MS ? left_ms : TURN_LEFT_MAX_MS);
}

static void finish(struct worker *worker, struct job *job, const struct ctx *ctx,
                   const struct envelope *envelope)
{
    if (envelope->reply_to == NULL) {
        job->state = JOB_DONE;
    } else {
        job->reply_to = envelope->reply_to;
        job->correlation_id = envelope->correlation_id;
        job->state = JOB_REPLYING;
        worker_send_reply(worker, job); /* first: somebody waits for it */
    }
    if (job->reply.err == OK) {
        publish_outgoing(worker, ctx);
    }
    note_handled(job, ctx);
}

void worker_handle_job(struct worker *worker, struct job *job)
{
    if (!begin_turn(worker, job)) {
        return;
    }
    if (worker_hand_in_again(worker, job)) {
        return;
    }
    failpoint_reach(FAILPOINT_AFTER_RECEIVE, job->message.body, job->message.body_size);
    struct ctx ctx;
    arena_rewind(job->arena, job->arrived);
    struct envelope *envelope = arena_alloc(job->arena, sizeof(*envelope));
    enum err err = handle(worker, job, &ctx, envelope);
    if (err != OK) {
        err = put_off(worker, job, &ctx, envelope);
    }
    end_turn(worker, job);
    if (err == OK) {
        finish(worker, job, &ctx, envelope);
    }
}
