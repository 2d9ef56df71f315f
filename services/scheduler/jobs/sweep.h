/*
 * The sweep of the outbox: publishes what a worker stored and could not publish itself (it died,
 * the broker was away), oldest first. A message that no queue takes, or that its queue refuses,
 * stays for the next sweep and holds nobody up.
 */
#pragma once

#include "common/core/uuid.h"
#include "ports/outbox.h"
#include "publisher.h"

struct sweep {
    struct outbox *outbox;
    struct publisher *publisher;
    struct arena *arena; /* for one batch; owned by the caller */
    int64_t wait_ms;     /* for the broker's confirms of a batch */

    /* where the present sweep has come to; zero at first */
    struct outbox_message last;
    char last_message_id[UUID_TEXT_SIZE];
    size_t published;
    size_t left;
};

struct sweep_report {
    bool is_over; /* the end was reached (or trouble); the next step begins anew at the oldest */
    size_t published; /* by this sweep so far */
    size_t left;      /* met and left where they are */
};

/*
 * Publish the next batch. Blocks for wait_ms and two round trips of the database at most. `ret` is
 * set on failure too: ERR_UNAVAILABLE, ERR_INTERNAL.
 */
MUST_CHECK enum err sweep_step(struct sweep *self, struct sweep_report *ret);
