/* The worker's turn: wait, handle, reply, ack. */

#include "common/service/worker.h"

#include <poll.h>
#include <stdlib.h>

#include "common/core/clock.h"
#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "common/core/memory.h"
#include "common/service/worker_state.h"

enum {
    TURN_BUDGET_US = 5000,  /* of handling before the connections are looked after again */
    FORGET_AFTER_MS = 1000, /* how long confirmed ids are gathered, */
    FORGET_COUNT = 64,      /* and how many */
    HELD_UP_US = 1000000,   /* how long a message may hold up the acks of those behind it */
    CLOSE_TIMEOUT_MS = 1000,
};

static void send_again(struct worker *worker)
{
    for (struct job *job = worker->jobs.first; job != NULL; job = job->next) {
        if (job->state == JOB_REPLYING && job->sequence == 0) {
            worker_send_reply(worker, job);
        } else if (job->state == JOB_DEFERRING && job->sequence == 0) {
            worker_send_copy(worker, job);
        }
    }
}

static void ack_finished(struct worker *worker)
{
    uint64_t tag = jobs_take_finished(&worker->jobs);
    if (tag != 0) {
        bus_ack(worker->consume, tag, true);
    }
}

/* One that is put off, or whose reply is not confirmed, must not use up the prefetch of all others.
 */
static void ack_overtakers(struct worker *worker)
{
    const struct job *first = worker->jobs.first;
    if (first == NULL) {
        return;
    }
    bool is_put_off = first->tries > 0;
    if (!is_put_off && clock_monotonic_us() - first->received_us < HELD_UP_US) {
        return;
    }
    uint64_t tag;
    while ((tag = jobs_take_overtaker(&worker->jobs)) != 0) {
        bus_ack(worker->consume, tag, false);
    }
}

static void forget_confirmed(struct worker *worker, bool is_now)
{
    struct sent *sent = &worker->sent;
    bool is_due = sent->confirmed_count >= FORGET_COUNT || is_now ||
                  clock_monotonic_ms() - sent->confirmed_since_ms >= FORGET_AFTER_MS;
    if (sent->confirmed_count == 0 || !is_due) {
        return;
    }
    const char *ids[SENT_MAX];
    for (size_t i = 0; i < sent->confirmed_count; i++) {
        ids[i] = sent->confirmed[i];
    }
    failpoint_reach(FAILPOINT_OUTBOX_CONFIRMED, NULL, 0);
    enum err err = executor_forget_outgoing(worker->options.executor, ids, sent->confirmed_count);
    if (err != OK) {
        log_event(LOG_WARNING, "outbox_not_cleared", "messages=%zu", sent->confirmed_count);
    }
    sent->confirmed_count = 0;
}

/* In how many ms a job may be handled: 0 now, -1 when nothing but the broker can bring one. */
static int next_job_in_ms(struct worker *worker, struct job **ret_job)
{
    int wait_ms = -1;
    *ret_job = NULL;
    if (!bus_is_up(worker->publish) || worker->suspects > 0) {
        return wait_ms;
    }
    int64_t now_ms = clock_monotonic_ms();
    if (worker->paused_until_ms > now_ms) {
        return (int)(worker->paused_until_ms - now_ms);
    }
    *ret_job = jobs_next(&worker->jobs, now_ms, &wait_ms);
    return *ret_job != NULL ? 0 : wait_ms;
}

static bool is_executor_ready(struct worker *worker)
{
    if (worker->paused_until_ms == 0) {
        return true;
    }
    bool is_ready = worker_is_executor_ready(worker);
    worker->paused_until_ms = is_ready ? 0 : clock_monotonic_ms() + READY_RETRY_MS;
    return is_ready;
}

/* Handles jobs until none is due or the budget is used up. */
static void handle_jobs(struct worker *worker)
{
    int64_t end_us = clock_monotonic_us() + TURN_BUDGET_US;
    struct job *job;
    while (next_job_in_ms(worker, &job) == 0 && is_executor_ready(worker)) {
        worker_handle_job(worker, job);
        bus_flush(worker->publish); /* the reply leaves now, and not behind the next message */
        ack_finished(worker);
        if (clock_monotonic_us() > end_us) {
            return;
        }
    }
}

static int least_wait(int first, int second)
{
    if (first < 0) {
        return second;
    }
    return second < 0 || first < second ? first : second;
}

static void wait_for_work(struct worker *worker, int timeout_ms, int wake_fd)
{
    struct pollfd fds[3];
    nfds_t count = 0;
    fds[count++] = (struct pollfd){.fd = wake_fd, .events = POLLIN};
    struct bus *const buses[] = {worker->consume, worker->publish};
    for (size_t i = 0; i < ARRAY_COUNT(buses); i++) {
        if (buses[i] == NULL) {
            continue;
        }
        fds[count++] =
            (struct pollfd){.fd = bus_fd(buses[i]), .events = bus_wanted_events(buses[i])};
        timeout_ms = least_wait(bus_timeout_ms(buses[i]), timeout_ms);
    }
    (void)poll(fds, count, timeout_ms);
}

bool worker_is_executor_ready(struct worker *worker)
{
    bool is_ready = executor_ready(worker->options.executor) == OK;
    metrics_set_part(worker->options.metrics, PART_DATABASE, is_ready ? PART_UP : PART_DOWN);
    return is_ready;
}

static void note_state(struct worker *worker)
{
    struct metrics *metrics = worker->options.metrics;
    bool is_up =
        bus_is_up(worker->publish) && (worker->consume == NULL || bus_is_up(worker->consume));
    metrics_set_part(metrics, PART_BROKER, is_up ? PART_UP : PART_DOWN);
    metrics_set_serving(metrics, worker_is_serving(worker) && worker->paused_until_ms == 0 &&
                                     !worker->is_draining);
}

/* Messages are asked for only once they can be handled: no consumer, no promise. */
static bool start_when_ready(struct worker *worker)
{
    if (worker->consume != NULL) {
        return true;
    }
    if (!worker_is_executor_ready(worker)) {
        if (!worker->is_waiting_logged) {
            log_event(LOG_WARNING, "waiting", "for=\"the database and its migrations\"");
            worker->is_waiting_logged = true;
        }
        return false;
    }
    const struct worker_options *options = &worker->options;
    worker->consume = options->make_bus(options->bus_maker_owner, BUS_ROLE_CONSUME,
                                        &worker_consume_events, worker);
    for (size_t i = 0; i < options->handler_count; i++) {
        bus_add_consumer(worker->consume, options->handlers[i]->contract->queue, options->prefetch);
    }
    return true;
}

struct worker *worker_new(const struct worker_options *options)
{
    struct worker *worker = memory_new(1, sizeof(*worker));
    worker->options = *options;
    jobs_init(&worker->jobs);
    worker->publish = options->make_bus(options->bus_maker_owner, BUS_ROLE_PUBLISH,
                                        &worker_publish_events, worker);
    return worker;
}

void worker_free(struct worker *worker)
{
    if (worker == NULL) {
        return;
    }
    bus_free(worker->consume);
    bus_free(worker->publish);
    jobs_free(&worker->jobs);
    free(worker);
}

void worker_turn(struct worker *worker, int timeout_ms, int wake_fd)
{
    if (!start_when_ready(worker)) {
        bus_process(worker->publish);
        note_state(worker);
        wait_for_work(worker, least_wait(READY_RETRY_MS, timeout_ms), wake_fd);
        return;
    }
    bus_process(worker->publish);
    bus_process(worker->consume);
    send_again(worker);
    handle_jobs(worker);
    if (worker->is_draining) {
        worker_leave_waiting(worker);
    }
    bus_process(worker->publish);
    ack_finished(worker);
    ack_overtakers(worker);
    forget_confirmed(worker, worker->is_draining);
    bus_process(worker->consume);
    note_state(worker);
    struct job *job;
    wait_for_work(worker, least_wait(next_job_in_ms(worker, &job), timeout_ms), wake_fd);
}

void worker_drain(struct worker *worker)
{
    worker->is_draining = true;
    if (worker->consume != NULL) {
        bus_cancel_consumers(worker->consume);
    }
}

bool worker_is_idle(const struct worker *worker)
{
    return worker->consume == NULL || (worker->jobs.first == NULL && worker->sent.count == 0 &&
                                       bus_unsent(worker->consume) == 0);
}

struct bus *worker_publisher(struct worker *worker)
{
    return worker->publish;
}

bool worker_is_serving(const struct worker *worker)
{
    return worker->consume != NULL && bus_is_up(worker->consume) && bus_is_up(worker->publish);
}

void worker_close(struct worker *worker)
{
    forget_confirmed(worker, true);
    bus_close(worker->publish, CLOSE_TIMEOUT_MS);
    if (worker->consume != NULL) {
        bus_close(worker->consume, CLOSE_TIMEOUT_MS);
    }
}
