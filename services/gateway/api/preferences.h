/*
 * How long the caller wants to wait (RFC 7240). `respond-async`: not at all; a command is answered
 * with 202 once the broker has it. It does not hold for messages that start or end a session, whose
 * answer sets the cookie. `wait=N`: N seconds, if that is less than the gateway's own wait; both
 * together: N seconds. No preference makes a wait longer.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct request;

/* What was asked for and is heeded. */
struct preferences {
    bool is_async;        /* respond-async */
    bool is_wait_shorter; /* wait= */
    int64_t wait_s;
    bool is_token_shown; /* token */
};

/* Read them, and let the request's call wait accordingly. */
void preferences_read(struct request *request);

/* Say which of them the response heeds: Preference-Applied. */
void preferences_add(struct request *request);
