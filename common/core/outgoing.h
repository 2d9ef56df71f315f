/*
 * Messages that a handler sends: commands and events. They are written to the outbox with the
 * effect, in the same transaction, and published once it has committed. Handlers call the generated
 * `<prefix>_send(ctx, &command)` and
 * `<prefix>_publish(ctx, &event)`, which encode and end up here.
 */
#pragma once

#include "common/core/buffer.h"
#include "common/core/ctx.h"
#include "common/core/uuid.h"

struct outgoing {
    const struct contract *contract;
    char message_id[UUID_TEXT_SIZE];
    struct buffer body;  /* the encoded fields; of an event: the whole CloudEvent */
    int64_t deadline_ms; /* Unix time; 0: none. Set when the handler is done */
    struct outgoing *next;
};

/* Append an encoded message to the ctx's outgoing ones; the body is ctx. Returns it. */
struct outgoing *outgoing_add(struct ctx *ctx, const struct contract *contract);
