/*
 * A dead letter handed to its command once more, so that a kill anywhere in between loses and
 * doubles nothing: the failure is forgotten; then the letter is locked, published under the same
 * identity, confirmed, and only then deleted, in one transaction with its line in the audit trail.
 */
#pragma once

#include "dead_publisher.h"

struct dead_retry {
    struct postgres *db;
    struct dead_publisher *publisher;
    const char *actor;
    char *const *assignments; /* secrets, given again */
    int assignment_count;
    int64_t timeout_ms; /* of each wait for the broker */
    bool is_pointless;  /* database or broker are out of reach: other letters would fare the same */
};

/* One letter. Says on standard output that it is sent again, or on standard error why it is not.
 * EXIT_DONE, EXIT_USAGE, EXIT_PROBLEM, EXIT_UNREACHABLE, EXIT_NO_ANSWER: the letter may be on its
 * way, and stays. */
int dead_retry_letter(struct dead_retry *self, int64_t id, struct arena *arena);
