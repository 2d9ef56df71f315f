/*
 * A reply: the result of a message, or its problem. Sent to `reply_to` through the default
 * exchange, not mandatory, with the sender's correlation_id.
 */
#pragma once

#include "common/bus/bus.h"
#include "common/contract/contract.h"
#include "common/core/buffer.h"
#include "common/core/ctx.h"

struct reply {
    enum err err;     /* OK: `body` is the result; else the problem */
    const char *body; /* JSON; ctx */
    size_t body_size;
    bool is_replayed;
};

/* The reply of a handler that returned `err`: its encoded result, or ctx->problem. */
void reply_make(struct ctx *ctx, enum err err, const void *result, struct reply *ret);

/* Put it on the bus. False: the bus takes nothing now. */
MUST_CHECK bool reply_publish(const struct reply *reply, const struct contract *contract,
                              const char *reply_to, const char *correlation_id, struct bus *bus,
                              uint64_t *ret_sequence);
