/* Making and sending replies. */

#include "common/service/reply.h"

#include <stdio.h>

#include "common/service/envelope.h"

enum { TYPE_SIZE = 128 };

void reply_make(struct ctx *ctx, enum err err, const void *result, struct reply *ret)
{
    struct buffer body;
    buffer_init(&body, ctx->arena);
    if (err == OK) {
        json_encode(ctx->contract->result, result, &body);
    } else {
        ctx->problem.err = err;
        problem_encode(&ctx->problem, &body);
    }
    *ret = (struct reply){.err = err, .body = body.data, .body_size = body.size};
}

bool reply_publish(const struct reply *reply, const struct contract *contract, const char *reply_to,
                   const char *correlation_id, struct bus *bus, uint64_t *ret_sequence)
{
    static const struct bus_header replayed = {
        .name = HEADER_REPLAYED, .kind = BUS_BOOLEAN, .integer = 1};
    char type[TYPE_SIZE];
    (void)snprintf(type, sizeof(type), "%s.result", contract->name);
    struct bus_message message = {
        .exchange = "",
        .routing_key = reply_to,
        .correlation_id = correlation_id,
        .type = reply->err == OK ? type : "problem",
        .content_type = reply->err == OK ? CONTENT_TYPE_JSON : CONTENT_TYPE_PROBLEM,
        .headers = &replayed,
        .header_count = reply->is_replayed ? 1 : 0,
        .body = reply->body,
        .body_size = reply->body_size,
    };
    return bus_publish(bus, &message, ret_sequence);
}
