/*
 * Outgoing messages that were published and are not yet confirmed, and the ids of those that are:
 * to be deleted from the outbox, many at once. Whatever was taken in finds room among the confirmed
 * ones, too: an id that is lost here is published twice. What does not fit is left to the sweep.
 * One thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/core/uuid.h"

enum { SENT_MAX = 1024 };

struct sent_message {
    uint64_t sequence;
    bool is_returned; /* it found no queue: the broker's confirm does not count */
    bool is_settled;
    char message_id[UUID_TEXT_SIZE];
};

struct sent {
    struct sent_message messages[SENT_MAX]; /* a ring, oldest first */
    size_t first;
    size_t count;
    char confirmed[SENT_MAX][UUID_TEXT_SIZE];
    size_t confirmed_count;
    int64_t confirmed_since_ms; /* when the oldest of them came */
};

bool sent_has_room(const struct sent *sent);
void sent_add(struct sent *sent, uint64_t sequence, const char *message_id);
void sent_returned(struct sent *sent, uint64_t sequence);
/* It is with the broker (or was refused, when not `is_taken`: then the sweep will send it again).
 * True if it was one of these. */
bool sent_settled(struct sent *sent, uint64_t sequence, bool is_taken, int64_t now_ms);
/* The connection is gone, and with it what would have been confirmed. */
void sent_clear(struct sent *sent);
