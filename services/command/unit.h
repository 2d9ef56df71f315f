/*
 * The unit of work: one transaction per message, in which its identity, its effect, its outcome and
 * the messages it sends stand or fall together ("Exactly once" in docs/architecture.md). A port of
 * the worker, not of handlers; adapter: adapters/postgres_unit.h; tests: tests/fakes/fake_unit.h.
 * One thread. Every function blocks for less than a heartbeat and may fail with ERR_UNAVAILABLE:
 * then nothing of the message has happened, except after commit (see there).
 *
 * A message's row says what became of it. A final one is its outcome: repeats get it. One that is
 * not final says how a message failed that may be tried again; it is for those who ask for its
 * state only, and gives way as if it were not there when the same identity comes again
 * (docs/decisions/008-non-final-outcomes.md).
 */
#pragma once

#include "common/service/envelope.h"
#include "ctx.h"

struct unit;

/* What became of a message: kept under its identity, and what the reply is made from. */
struct outcome {
    enum err err;     /* OK, or why it failed */
    const char *body; /* the result, or the problem, as JSON */
    size_t body_size;
};

enum unit_state {
    UNIT_NEW, /* the identity is ours: run the handler, then unit_commit, unit_fail or unit_abort */
    UNIT_REPLAY,   /* done before, the same: the stored outcome; the transaction is over */
    UNIT_MISMATCH, /* the identity or its idempotency key belongs to something else; as above */
};

enum { FINGERPRINT_SIZE = 32 };

/* A message that failed and is handled no more. */
struct dead_letter {
    const char *message_id; /* UUID or NULL */
    const char *message;    /* name */
    const char *code;
    const char *detail;
    const char *body;    /* JSON with its secrets removed */
    const char *headers; /* JSON object */
    const char *problem; /* what those who ask for its state are told, as JSON; NULL: nothing */
    bool is_final;       /* repeats are told the same, too */
};

struct unit_ops {
    enum err (*begin)(struct unit *self, struct ctx *ctx, const struct envelope *envelope,
                      const unsigned char fingerprint[FINGERPRINT_SIZE], enum unit_state *ret_state,
                      struct outcome *ret_stored);
    enum err (*commit)(struct unit *self, struct ctx *ctx, const struct outcome *outcome);
    enum err (*fail)(struct unit *self, struct ctx *ctx, const struct outcome *outcome);
    void (*abort)(struct unit *self);
    enum err (*note_failure)(struct unit *self, struct ctx *ctx, const struct envelope *envelope,
                             const unsigned char fingerprint[FINGERPRINT_SIZE],
                             const struct outcome *outcome);
    enum err (*count_attempt)(struct unit *self, const char *message_id, int64_t *ret_attempts);
    void (*clear_attempts)(struct unit *self, const char *message_id);
    void (*uncount_attempt)(struct unit *self, const char *message_id);
    enum err (*bury)(struct unit *self, struct ctx *ctx, const struct envelope *envelope,
                     const unsigned char *fingerprint, const struct dead_letter *letter);
    enum err (*forget_outgoing)(struct unit *self, const char *const *message_ids, size_t count);
    enum err (*ready)(struct unit *self);
    const char *(*trouble)(const struct unit *self);
};

struct unit { /* implementations embed this first */
    const struct unit_ops *ops;
};

/*
 * Begin the transaction, find out who acts (sets ctx->user_id, is_staff and is_superuser; a session
 * or user of nobody is NOBODY) and take the identity. Waits behind the same identity at work
 * elsewhere for at most the lock time-out, then ERR_UNAVAILABLE.
 *
 * The identity is envelope->message_id and, for a user's messages that leave sessions alone, also
 * envelope->idempotency_key: the same user's messages with it are one. A replay by the key alone
 * leaves its outcome under the new message_id, too, so that its state can be asked for.
 *
 * The same message has the same name, fingerprint and sender: the same user, or the same session
 * digest (so that a repeated logout still finds its reply). The sender of a message that signs
 * somebody in does not matter when it comes with an idempotency key: it is somebody new each time,
 * and what he knows of the fields is who he is. A row without fingerprint (unit_bury) is the same
 * as any. A replay of a message that starts a session ends the one it came with and binds
 * envelope->new_session to the stored user, unless all sessions of that user were ended since.
 */
MUST_CHECK static inline enum err unit_begin(struct unit *self, struct ctx *ctx,
                                             const struct envelope *envelope,
                                             const unsigned char fingerprint[FINGERPRINT_SIZE],
                                             enum unit_state *ret_state, struct outcome *ret_stored)
{
    return self->ops->begin(self, ctx, envelope, fingerprint, ret_state, ret_stored);
}

/*
 * Store the outcome and ctx->outgoing, commit. ERR_UNAVAILABLE: it is not known whether the commit
 * took place; unit_begin with the same identity will tell.
 */
MUST_CHECK static inline enum err unit_commit(struct unit *self, struct ctx *ctx,
                                              const struct outcome *outcome)
{
    return self->ops->commit(self, ctx, outcome);
}

/* Undo what the handler did, write what it leaves behind (ctx_leave), store the failure as the
 * outcome, commit. As unit_commit. */
MUST_CHECK static inline enum err unit_fail(struct unit *self, struct ctx *ctx,
                                            const struct outcome *outcome)
{
    return self->ops->fail(self, ctx, outcome);
}

/* Undo everything, the identity included. */
static inline void unit_abort(struct unit *self)
{
    self->ops->abort(self);
}

/*
 * After unit_begin and unit_abort: leave a row, not final, that says how this message failed. In a
 * transaction of its own; a row that is there stays as it is, and neither key nor session is bound.
 * ERR_UNAVAILABLE: the message has to be tried again.
 */
MUST_CHECK static inline enum err
unit_note_failure(struct unit *self, struct ctx *ctx, const struct envelope *envelope,
                  const unsigned char fingerprint[FINGERPRINT_SIZE], const struct outcome *outcome)
{
    return self->ops->note_failure(self, ctx, envelope, fingerprint, outcome);
}

/*
 * Note, in a transaction of its own, that this message was delivered before and may have killed its
 * worker: how often by now. 0: its outcome is stored, and whatever ended its worker came after;
 * repeats do nothing but get it. ERR_UNAVAILABLE: another worker is at such an attempt, and alive:
 * copies of a message that are at work together are no deaths. The attempt lasts until it is
 * cleared, taken back or buried, until the next one is counted, or the worker's connection ends.
 */
MUST_CHECK static inline enum err unit_count_attempt(struct unit *self, const char *message_id,
                                                     int64_t *ret_attempts)
{
    return self->ops->count_attempt(self, message_id, ret_attempts);
}

/* Its worker has survived this message: forget what was counted. Best effort, in a transaction of
 * its own. */
static inline void unit_clear_attempts(struct unit *self, const char *message_id)
{
    self->ops->clear_attempts(self, message_id);
}

/* Its worker has survived this attempt, and will make another: take back the one that was counted.
 * Best effort, in a transaction of its own. */
static inline void unit_uncount_attempt(struct unit *self, const char *message_id)
{
    self->ops->uncount_attempt(self, message_id);
}

/*
 * Keep a dead letter, and in the same transaction the state of its message: a row with
 * letter->problem. A row that is final stays as it is, one that is not is written over. No row
 * without a message_id or a problem. `fingerprint` is NULL when its fields were never read. The
 * letter is its sender's: the user it claims, or else whose session it has at that moment. The same
 * message_id and code twice is one letter.
 */
MUST_CHECK static inline enum err unit_bury(struct unit *self, struct ctx *ctx,
                                            const struct envelope *envelope,
                                            const unsigned char *fingerprint,
                                            const struct dead_letter *letter)
{
    return self->ops->bury(self, ctx, envelope, fingerprint, letter);
}

/* These outgoing messages were confirmed by the broker: delete them from the outbox. May be late;
 * the sweep repeats what was not deleted. */
MUST_CHECK static inline enum err unit_forget_outgoing(struct unit *self,
                                                       const char *const *message_ids, size_t count)
{
    return self->ops->forget_outgoing(self, message_ids, count);
}

/* Is the database there, and migrated? Connects when need be. ERR_UNAVAILABLE. */
MUST_CHECK static inline enum err unit_ready(struct unit *self)
{
    return self->ops->ready(self);
}

/* What the last failure was, with the database's own words: for the log, never for a caller. "":
 * what was asked of it last did not fail. */
static inline const char *unit_trouble(const struct unit *self)
{
    return self->ops->trouble(self);
}
