/* A call as the broker gets it. */

#include "services/gateway/call.h"

#include <string.h>

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

static bool is_text(const char *actual, const char *expected)
{
    return actual != NULL && strcmp(actual, expected) == 0;
}

static bool is_result_of(const struct contract *contract, const char *type)
{
    size_t size = strlen(contract->name);
    return type != NULL && strncmp(type, contract->name, size) == 0 &&
           strcmp(type + size, ".result") == 0;
}

enum reply_kind call_reply_kind(const struct call *call, const struct bus_message *reply)
{
    if (reply->body == NULL || reply->is_malformed || reply->is_too_large) {
        return REPLY_FOUL;
    }
    if (is_text(reply->content_type, CONTENT_TYPE_PROBLEM)) {
        return REPLY_PROBLEM;
    }
    bool is_result = is_text(reply->content_type, CONTENT_TYPE_JSON) &&
                     is_result_of(call->contract, reply->type);
    return is_result ? REPLY_RESULT : REPLY_FOUL;
}
