/* A call as the broker gets it. */

#include "services/gateway/call.h"

#include "common/service/envelope.h"

struct bus_message call_message(const struct call *call, const char *reply_to,
                                const char *expiration)
{
    const struct contract *contract = call->contract;
    bool is_command = contract->kind == MESSAGE_COMMAND;
    return (struct bus_message){
        .exchange = contract->exchange,
        .routing_key = contract->name,
        .type = contract->name,
        .content_type = CONTENT_TYPE_JSON,
        .message_id = call->message_id,
        .correlation_id = call->correlation_id,
        .reply_to = reply_to,
        .expiration = is_command ? NULL : expiration,
        .headers = call->headers,
        .header_count = call->header_count,
        .body = call->body,
        .body_size = call->body_size,
        .is_persistent = is_command,
        .is_mandatory = true,
    };
}
