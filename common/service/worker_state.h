/* What the parts of the worker share: worker.c (the turn), worker_events.c (the buses' events),
 * worker_message.c (one message), worker_defer.c (what is put off), worker_count.c (its counters).
 */
#pragma once

#include "common/service/retry.h"
#include "common/service/sent.h"
#include "common/service/worker.h"
#include "common/service/worker_jobs.h"

struct worker {
    struct worker_options options;
    struct bus *consume; /* NULL until the executor is ready for the first time */
    struct bus *publish;
    struct jobs jobs;
    struct sent sent;
    int64_t paused_until_ms; /* the executor is not ready: nothing is handled; 0: it is */
    bool is_waiting_logged;
    bool is_loss_logged[BUS_ROLE_COUNT]; /* until the connection is up again */
    bool is_draining;
    size_t unconfirmed_replies;
    size_t suspects;       /* replies that may have made the broker close the connection */
    int64_t turn_begun_ms; /* at the latest questionable command */
    int64_t turn_after_ms; /* until then the turn is the other workers' */
};

enum { READY_RETRY_MS = 500 };

extern const struct bus_events worker_consume_events;
extern const struct bus_events worker_publish_events;

/* Is all there that work needs? Notes what it finds. */
MUST_CHECK bool worker_is_executor_ready(struct worker *worker);

/* Handle a job that waits: afterwards it is replying, done, or put off. */
void worker_handle_job(struct worker *worker, struct job *job);

/*
 * Send the reply of a handled job. It stays unsent, to be tried again, when the bus takes nothing,
 * or behind another while there are suspects.
 */
void worker_send_reply(struct worker *worker, struct job *job);

/* Counting: a try begins, a message is handled, is tried in vain, is kept. */
void worker_count_begun(struct job *job, const struct envelope *envelope);
void worker_count_handled(const struct job *job);
void worker_count_retry(const struct job *job);
void worker_count_buried(const struct job *job);

/* Put a command off to the ladder of retries: it is done with once the broker has the copy. */
void worker_defer(struct worker *worker, struct job *job);

/*
 * A query that was in the hands of a process that ended may have ended it. No broker counts that of
 * queries, so it goes back to its queue with one more on its count. False: it is none such, or it
 * has ended DEATHS_MAX workers already and is to be answered.
 */
MUST_CHECK bool worker_hand_in_again(struct worker *worker, struct job *job);

/* Send its copy. It stays unsent, to be tried again, when it is too early, the bus takes nothing,
 * or there are suspects. */
void worker_send_copy(struct worker *worker, struct job *job);

/* The broker has confirmed the copy, or refused it: then it is sent again later. */
void worker_copy_settled(struct job *job, bool is_taken);

/* In a drain: whatever would have to wait goes to the ladder now, or back to its queue. */
void worker_leave_waiting(struct worker *worker);
