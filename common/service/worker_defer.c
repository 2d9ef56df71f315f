/* Commands that are put off, and queries that are handed in again: a copy goes to the ladder of
 * retries, or back to the query's own queue, and only once the broker has it the original is done
 * with. */

#include <inttypes.h>

#include "common/core/clock.h"
#include "common/core/log.h"
#include "common/service/worker_state.h"

enum { REFUSED_PAUSE_MS = 1000 };

static const char *id_of(const struct job *job)
{
    return job->message.message_id == NULL ? "-" : job->message.message_id;
}

static bool is_query(const struct job *job)
{
    return job->handler->contract->kind == MESSAGE_QUERY;
}

void worker_defer(struct worker *worker, struct job *job)
{
    job->state = JOB_DEFERRING;
    job->sequence = 0;
    job->not_before_ms = 0;
    log_event(LOG_WARNING, "put_off", "message=%s message_id=%s tries=%d retries=%" PRId64,
              job->handler->contract->name, id_of(job), job->tries, job->retries);
    worker_send_copy(worker, job);
}

bool worker_hand_in_again(struct worker *worker, struct job *job)
{
    if (!is_query(job) || !job->was_delivered_before) {
        return false;
    }
    job->retries = retry_count(&job->message);
    if (job->message.is_too_large || job->message.header_count >= BUS_HEADERS_MAX ||
        job->retries + 1 >= DEATHS_MAX) {
        return false;
    }
    worker_defer(worker, job);
    return true;
}

static bool make_copy(const struct worker *worker, const struct job *job, struct retry_copy *ret)
{
    const char *queue = job->handler->contract->queue;
    return is_query(job) ? retry_copy_make_of_query(&job->message, queue, job->retries, ret)
                         : retry_copy_make(&job->message, queue, job->retries,
                                           worker->options.retry_wait_ms, ret);
}

void worker_send_copy(struct worker *worker, struct job *job)
{
    struct retry_copy copy;
    job->sequence = 0;
    job->is_returned = false;
    if (worker->suspects > 0 || job->not_before_ms > clock_monotonic_ms()) {
        return;
    }
    if (!make_copy(worker, job, &copy) ||
        !bus_publish(worker->publish, &copy.message, &job->sequence)) {
        job->sequence = 0;
    }
}

void worker_copy_settled(struct job *job, bool is_taken)
{
    if (is_taken && !job->is_returned) {
        job->state = JOB_DONE;
        return;
    }
    log_event(LOG_WARNING, "put_off_refused", "message=%s message_id=%s retries=%" PRId64,
              job->handler->contract->name, id_of(job), job->retries);
    job->sequence = 0;
    job->not_before_ms = clock_monotonic_ms() + REFUSED_PAUSE_MS;
}

static void give_back(struct worker *worker, struct job *job)
{
    if (job->tag != 0) {
        bus_requeue(worker->consume, job->tag);
    }
    jobs_remove(&worker->jobs, job);
}

/* Nothing can be done at all now, or not with this one. */
static bool has_to_wait(const struct worker *worker, const struct job *job, int64_t now_ms)
{
    return worker->paused_until_ms != 0 || !bus_is_up(worker->publish) ||
           (job->tries > 0 && job->not_before_ms > now_ms);
}

void worker_leave_waiting(struct worker *worker)
{
    int64_t now_ms = clock_monotonic_ms();
    struct job *next;
    for (struct job *job = worker->jobs.first; job != NULL; job = next) {
        next = job->next;
        if (job->state != JOB_WAITING || !has_to_wait(worker, job, now_ms)) {
            continue;
        }
        if (job->tries > 0 && job->is_deferrable && bus_is_up(worker->publish)) {
            worker_defer(worker, job);
        } else {
            give_back(worker, job);
        }
    }
}
