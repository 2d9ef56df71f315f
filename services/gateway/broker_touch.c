/* Whose session is in use is noted by a command, beside the call that has shown it. */

#include <string.h>

#include "common/core/clock.h"
#include "common/service/envelope.h"
#include "services/gateway/broker_internal.h"

enum { LIFETIME_MS = 5 * 60 * 1000 }; /* then the next one comes */

static const char *header_of(const struct call *call, const char *name)
{
    for (size_t i = 0; i < call->header_count; i++) {
        if (strcmp(call->headers[i].name, name) == 0) {
            return call->headers[i].text;
        }
    }
    return NULL;
}

/* With an address for the reply, where nobody waits for it: one that fails is no dead letter. */
static bool send(struct broker *broker, const char *session, const char *client_address)
{
    const struct bus_header headers[] = {
        {.name = HEADER_DEADLINE,
         .kind = BUS_INTEGER,
         .integer = clock_wall_us() / 1000 + LIFETIME_MS},
        {.name = HEADER_SESSION, .kind = BUS_TEXT, .text = session},
        {.name = HEADER_CLIENT_ADDRESS, .kind = BUS_TEXT, .text = client_address},
    };
    struct call call = {.contract = broker->gateway->touch_contract, .body = "{}", .body_size = 2};
    uuid_new(call.message_id);
    struct bus_message message = call_message(&call, bus_reply_queue(broker->replies), NULL);
    message.correlation_id = call.message_id;
    message.headers = headers;
    message.header_count = client_address == NULL ? 2 : 3;
    return message.reply_to != NULL && bus_publish(broker->publisher, &message, NULL);
}

static bool is_success(const struct bus_message *reply)
{
    return reply->content_type != NULL && strcmp(reply->content_type, CONTENT_TYPE_JSON) == 0;
}

/* Only who is signed in gets a result of a message that needs a user: a made-up token is nobody's
 * session, and sends nothing. */
void broker_note_use(struct broker *broker, const struct call *call,
                     const struct bus_message *reply)
{
    if (broker->gateway->touch_contract == NULL || call->is_unattended || !is_success(reply)) {
        return;
    }
    const char *started = header_of(call, HEADER_NEW_SESSION);
    const char *session = header_of(call, HEADER_SESSION);
    if (call->contract->session == SESSION_STARTS && started != NULL) {
        touches_begin(broker->touches, started, broker->now_ms);
    } else if (call->contract->session == SESSION_UNTOUCHED && session != NULL &&
               call->contract->caller != CALLER_ANYBODY &&
               touches_are_due(broker->touches, session, broker->now_ms)) {
        if (!send(broker, session, header_of(call, HEADER_CLIENT_ADDRESS))) {
            touches_forget(broker->touches, session); /* the next request comes */
        }
    }
}
