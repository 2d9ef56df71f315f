/* The list of messages a handler sends. */

#include "common/core/outgoing.h"

struct outgoing *outgoing_add(struct ctx *ctx, const struct contract *contract)
{
    struct outgoing *outgoing = arena_alloc(ctx->arena, sizeof(*outgoing));
    outgoing->contract = contract;
    uuid_new(outgoing->message_id);
    buffer_init(&outgoing->body, ctx->arena);
    *ctx->outgoing_end = outgoing;
    ctx->outgoing_end = &outgoing->next;
    return outgoing;
}
