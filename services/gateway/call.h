/*
 * A message that somebody waits for the answer of. It lives in its request, which may have several
 * at a time; the broker holds on to it from broker_call until it has told the outcome or
 * broker_forget has been called.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bus/bus.h"
#include "common/contract/contract.h"
#include "common/core/uuid.h"

enum { CALL_HEADERS_MAX = 10, CORRELATION_TEXT_SIZE = 32 + 1 };

enum call_outcome {
    CALL_REPLIED,     /* with the reply */
    CALL_UNAVAILABLE, /* certainly not carried out, or a query without an answer */
    CALL_PENDING,     /* a command: written to the broker, and no answer in time */
};

enum call_state {
    CALL_IDLE,
    CALL_HELD, /* not written yet: waits to hear whether anybody consumes its queue */
    CALL_SENT,
};

struct request;

struct call {
    struct request *request;      /* whose call it is */
    struct call *next_of_request; /* the order of request_call */
    const struct contract *contract;
    char message_id[UUID_TEXT_SIZE];
    const char *body; /* the encoded fields; ctx */
    size_t body_size;
    struct bus_header headers[CALL_HEADERS_MAX];
    size_t header_count;
    int64_t wait_ms; /* how long to wait for the outcome; 0: the gateway's reply_timeout_ms */
    bool is_async;   /* a command whose sender does not wait: CALL_PENDING once the broker has it */
    bool is_unattended; /* asked by a page by itself: it shows nobody at the keyboard */
    uint64_t caller;    /* a keyed digest of who asks: room is shared fairly between callers */

    /* the broker's */
    enum call_state state;
    char correlation_id[CORRELATION_TEXT_SIZE];
    uint32_t slot;
    size_t end_place;      /* among the ends of waits */
    uint64_t sequence;     /* of the latest publication */
    int64_t begun_ms;      /* monotonic, as all times here */
    int64_t expires_ms;    /* when the wait ends */
    bool is_confirmed;     /* the broker has it */
    bool must_resend;      /* a connection was lost under it */
    bool is_fate_unknown;  /* an earlier publication may have reached a worker */
    struct call *previous; /* in the order of their beginnings */
    struct call *next;
    struct call *next_publication; /* whose sequence has the same digest */
};

/* What came back for a call. */
enum reply_kind {
    REPLY_RESULT,  /* of its contract */
    REPLY_PROBLEM, /* application/problem+json: what it says is not looked at here */
    REPLY_FOUL,    /* nothing that a service of ours sends */
};

enum reply_kind call_reply_kind(const struct call *call, const struct bus_message *reply);

/* What is published of it: a command persistent, a query to be forgotten after `expiration` (ms,
 * decimal). Points into the call and the arguments. */
struct bus_message call_message(const struct call *call, const char *reply_to,
                                const char *expiration);
