/* What a worker counts of its messages. */

#include "common/core/clock.h"
#include "common/service/worker_state.h"

/* A message of ours tells by its identity when it was made; a repeated one was waited for already.
 */
static void count_queue_wait(const struct job *job, const struct envelope *envelope)
{
    bool is_first = job->tries == 0 && job->retries == 0 && !job->was_delivered_before;
    if (!is_first || envelope->message_id[0] == '\0') {
        return;
    }
    int64_t made_us = uuid_time_us(envelope->message_id);
    if (made_us != 0) {
        histogram_note(&job->metrics->queue_wait, clock_wall_us() - made_us);
    }
}

void worker_count_begun(struct job *job, const struct envelope *envelope)
{
    job->begun_us = clock_monotonic_us();
    count_queue_wait(job, envelope);
}

void worker_count_handled(const struct job *job)
{
    metrics_add(&job->metrics->outcomes[job->reply.err], 1);
    histogram_note(&job->metrics->duration, clock_monotonic_us() - job->begun_us);
}

void worker_count_retry(const struct job *job)
{
    metrics_add(&job->metrics->retries, 1);
}

void worker_count_buried(const struct job *job)
{
    bool is_kept = job->handler->contract->kind == MESSAGE_COMMAND; /* a query leaves nothing */
    metrics_add(&job->metrics->dead_letters, is_kept ? 1 : 0);
}
