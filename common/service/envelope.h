/*
 * What a message carries beside its fields: the AMQP properties and headers of docs/wire.md, read
 * and checked. Made from a bus delivery (inbound) by the workers; texts are ctx.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/bus/bus.h"
#include "common/core/uuid.h"
#include "common/core/ctx.h"

#define HEADER_USER_ID "user_id"
#define HEADER_SESSION "session"
#define HEADER_NEW_SESSION "new_session"
#define HEADER_CLIENT_ADDRESS "client_address"
#define HEADER_LANGUAGE "language"
#define HEADER_MIN_POSITION "min_position"
#define HEADER_TRACEPARENT "traceparent"
#define HEADER_DEADLINE "deadline"
#define HEADER_RETRIES "retries"
#define HEADER_IDEMPOTENCY_KEY "idempotency_key"
#define HEADER_REPLAYED "replayed"

#define CONTENT_TYPE_JSON "application/json"
#define CONTENT_TYPE_PROBLEM "application/problem+json"
#define CONTENT_TYPE_EVENT "application/cloudevents+json"

/* Is it one of those above that a sender gives? Others are brokers', tracers', … */
bool header_is_ours(const char *name);

/* May a header of this name be kept in a dead letter? Digests of sessions are keys to them: not
 * those. */
bool header_may_be_kept(const char *name);

struct envelope {
    char message_id[UUID_TEXT_SIZE]; /* lower case; "" when a query came without */
    const char
        *correlation_id;  /* what the reply carries: the sender's, or its message_id as sent */
    const char *reply_to; /* or NULL: nobody waits */
    bool has_user_id;
    int64_t user_id;         /* claimed by a trusted back end */
    const char *session;     /* digest, or NULL */
    const char *new_session; /* digest, or NULL */
    const char *client_address;
    const char *language;
    const char *min_position;
    const char *traceparent;
    int64_t deadline_ms;         /* Unix time; 0: none */
    int64_t retries;             /* how often it was put off by the ladder of retries so far */
    const char *idempotency_key; /* digest, or NULL: the same user's other messages with it are the
                                    same command */
};

/*
 * Read the envelope of a delivery for `contract`. On ERR_INVALID_INPUT `problem` says all that is
 * wrong; correlation_id and reply_to are set all the same, so that the problem can be answered.
 */
MUST_CHECK enum err envelope_read(const struct bus_message *message,
                                  const struct contract *contract, struct arena *arena,
                                  struct problem *problem, struct envelope *ret);
