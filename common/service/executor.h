/*
 * What a service does with a message its worker has read: command-service in a unit of work,
 * query-service by reading. One per worker, one thread; every function blocks for less than a
 * heartbeat.
 */
#pragma once

#include "common/bus/bus.h"
#include "common/contract/contract.h"
#include "common/service/envelope.h"
#include "common/service/reply.h"

struct work {
    const struct handler *handler;
    const struct bus_message *message;
    const struct envelope *envelope;
    const void *input; /* the decoded fields; NULL where they could not be read */
    bool was_delivered_before;
};

struct executor;

struct executor_ops {
    enum err (*admit)(struct executor *self, const struct work *work, struct ctx *ctx);
    enum err (*execute)(struct executor *self, const struct work *work, struct ctx *ctx,
                        struct reply *ret);
    void (*leave)(struct executor *self, const struct work *work, enum err err);
    enum err (*bury)(struct executor *self, const struct work *work, struct ctx *ctx);
    enum err (*forget_outgoing)(struct executor *self, const char *const *message_ids,
                                size_t count);
    enum err (*ready)(struct executor *self);
};

struct executor { /* implementations embed this first */
    const struct executor_ops *ops;
};

/* Before the fields are even read, and before each try: may it be handled? ERR_INTERNAL: it has
 * ended its worker too often. ERR_UNAVAILABLE. */
MUST_CHECK static inline enum err executor_admit(struct executor *self, const struct work *work,
                                                 struct ctx *ctx)
{
    return self->ops->admit(self, work, ctx);
}

/*
 * Do the work. OK: `ret` is the reply, be it a result or a problem, and ctx->outgoing is to be
 * published. ERR_UNAVAILABLE: passing trouble, nothing was answered: try again later.
 */
MUST_CHECK static inline enum err executor_execute(struct executor *self, const struct work *work,
                                                   struct ctx *ctx, struct reply *ret)
{
    return self->ops->execute(self, work, ctx, ret);
}

/* The worker has survived this try of a message that was admitted; `err` other than OK: it will
 * make another. Best effort. */
static inline void executor_leave(struct executor *self, const struct work *work, enum err err)
{
    self->ops->leave(self, work, err);
}

/* Keep a message that failed for good (ctx->problem) and that nobody waits for. ERR_UNAVAILABLE. */
MUST_CHECK static inline enum err executor_bury(struct executor *self, const struct work *work,
                                                struct ctx *ctx)
{
    return self->ops->bury(self, work, ctx);
}

/* These outgoing messages are with the broker. Failure is harmless: the outbox is swept. */
MUST_CHECK static inline enum err
executor_forget_outgoing(struct executor *self, const char *const *message_ids, size_t count)
{
    return self->ops->forget_outgoing(self, message_ids, count);
}

/* Is all there that work needs? Connects when need be. ERR_UNAVAILABLE. */
MUST_CHECK static inline enum err executor_ready(struct executor *self)
{
    return self->ops->ready(self);
}

/* Why it failed, for the log: the database's words, or, where it was not the database (""), the
 * handler's. */
static inline const char *executor_reason(const char *trouble, const struct ctx *ctx)
{
    const char *detail = ctx->problem.detail == NULL ? "" : ctx->problem.detail;
    return trouble[0] == '\0' ? detail : trouble;
}
