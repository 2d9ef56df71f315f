/*
 * One message and its reply, over AMQP as any client would: a reply queue of its own, a message_id,
 * a time-out. Blocks until the answer is there or the time is up.
 */
#pragma once

#include "common/contract/contract.h"
#include "common/core/arena.h"
#include "common/core/settings.h"

struct call {
    const struct contract *contract;
    const char *message_id; /* UUID */
    const char *body;       /* JSON */
    size_t body_size;
    int64_t user_id; /* for whom it is sent, or NOBODY */
    int64_t timeout_ms;
    bool is_answer_wanted;
    bool is_repeatable;   /* the verb has --id, to ask again */
    const char *language; /* as Accept-Language has it; or NULL */
};

struct answer {
    bool is_problem;
    const char *body; /* in the caller's arena; NULL when no answer was wanted */
    size_t body_size;
};

/*
 * Send `call`; wait for the answer, or, when none is wanted, until the broker has taken the
 * message. EXIT_DONE, or EXIT_UNREACHABLE or EXIT_NO_ANSWER with the reason said on standard error.
 */
int call_send(const struct settings *settings, const struct call *call, struct arena *arena,
              struct answer *ret);
