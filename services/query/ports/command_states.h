/*
 * What became of commands. Adapter: adapters/postgres_command_states.h; tests:
 * tests/fakes/fake_command_states.h. Every function may fail with ERR_UNAVAILABLE (passing trouble)
 * or ERR_INTERNAL.
 */
#pragma once

#include "contracts/models.h"
#include "ctx.h"

struct command_states;

/* A command that has its outcome: who may see it, and what it is. */
struct command_record {
    int64_t user_id;         /* who sent it; NOBODY: an anonymous sender */
    const char *session;     /* digest of the session it came with, or NULL; ctx */
    int64_t session_user_id; /* whose session it started, or NOBODY */
    bool has_session_effect; /* it starts or ends a session: the one it came with may be over */
    bool has_failed;
    struct json_slice body; /* the result, or the problem when it has failed; ctx */
};

struct command_states_ops {
    enum err (*find)(struct command_states *self, struct ctx *ctx, const char *message_id,
                     struct command_record *ret);
};

struct command_states { /* implementations embed this first */
    const struct command_states_ops *ops;
};

/* The outcome of the command with this message_id, whoever sent it. ERR_NOT_FOUND: it has none (or
 * none any more). */
MUST_CHECK static inline enum err command_states_find(struct command_states *self, struct ctx *ctx,
                                                      const char *message_id,
                                                      struct command_record *ret)
{
    return self->ops->find(self, ctx, message_id, ret);
}
