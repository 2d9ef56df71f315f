/* What the buses tell a worker. */

#include <string.h>

#include "common/core/clock.h"
#include "common/core/failpoint.h"
#include "common/core/log.h"
#include "common/service/worker_state.h"

/* The place among the handlers; their number: none has this queue. */
static size_t handler_of_queue(const struct worker *worker, const char *queue)
{
    size_t place = 0;
    while (place < worker->options.handler_count &&
           strcmp(worker->options.handlers[place]->contract->queue, queue) != 0) {
        place++;
    }
    return place;
}

static void on_delivery(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    struct worker *worker = owner;
    size_t place = handler_of_queue(worker, delivery->queue);
    if (place == worker->options.handler_count) {
        bus_requeue(bus, delivery->tag);
        return;
    }
    struct job *job = jobs_add(&worker->jobs, delivery, worker->options.handlers[place],
                               &worker->options.metrics->messages[place]);
    if (failpoint_is_broken(BREAKAGE_ACK)) {
        bus_ack(bus, delivery->tag, false);
        bus_flush(bus);
        job->tag = 0;
    }
}

/* Once a loss, not once a try: the bus tries until the broker is back. */
static void log_loss(struct worker *worker, enum bus_role role, const char *reason)
{
    log_event(worker->is_loss_logged[role] ? LOG_DEBUG : LOG_WARNING, "broker_lost",
              "connection=%s reason=\"%s\"", role == BUS_ROLE_CONSUME ? "consume" : "publish",
              reason);
    worker->is_loss_logged[role] = true;
}

static void on_consume_up(void *owner, struct bus *bus)
{
    struct worker *worker = owner;
    (void)bus;
    worker->is_loss_logged[BUS_ROLE_CONSUME] = false;
    log_event(LOG_INFO, "consuming", "handlers=%zu", worker->options.handler_count);
}

static void on_publish_up(void *owner, struct bus *bus)
{
    struct worker *worker = owner;
    (void)bus;
    worker->is_loss_logged[BUS_ROLE_PUBLISH] = false;
}

static void on_consume_down(void *owner, struct bus *bus, const char *reason, bool is_by_peer)
{
    struct worker *worker = owner;
    (void)bus;
    (void)is_by_peer;
    log_loss(worker, BUS_ROLE_CONSUME, reason);
    jobs_clear(&worker->jobs); /* the broker gives them out again; identities keep effects single */
    worker->unconfirmed_replies = 0;
    worker->suspects = 0;
}

static bool is_direct_reply(const char *reply_to)
{
    static const char prefix[] = "amq.rabbitmq.reply-to.";
    return strncmp(reply_to, prefix, sizeof(prefix) - 1) == 0;
}

static void give_up_reply(struct worker *worker, struct job *job)
{
    log_event(LOG_WARNING, "reply_given_up",
              "message=%s reason=\"the broker refuses its reply_to\"",
              job->handler->contract->name);
    job->state = JOB_DONE;
    worker->suspects -= job->is_suspect ? 1 : 0;
}

/*
 * Replies and copies on their way have an unknown fate and are sent again. Where the broker closed
 * the connection, one of those to a direct reply-to may be the cause (RabbitMQ 3.10 closes on a
 * foul one): such suspects are sent one at a time, and the one under which the connection falls
 * again is given up.
 */
static void on_publish_down(void *owner, struct bus *bus, const char *reason, bool is_by_peer)
{
    struct worker *worker = owner;
    (void)bus;
    log_loss(worker, BUS_ROLE_PUBLISH, reason);
    bool is_probe = worker->suspects > 0 && worker->unconfirmed_replies == 1;
    for (struct job *job = worker->jobs.first; job != NULL; job = job->next) {
        if (job->sequence == 0) {
            continue;
        }
        job->sequence = 0;
        if (job->state != JOB_REPLYING || !is_by_peer || !is_direct_reply(job->reply_to)) {
            continue;
        }
        if (is_probe && job->is_suspect) {
            give_up_reply(worker, job);
        } else if (!job->is_suspect) {
            job->is_suspect = true;
            worker->suspects++;
        }
    }
    worker->unconfirmed_replies = 0;
    sent_clear(&worker->sent);
}

/* Whose reply or copy this is, or NULL. */
static struct job *find_job(const struct worker *worker, uint64_t sequence)
{
    for (struct job *job = worker->jobs.first; job != NULL; job = job->next) {
        bool is_under_way = job->state == JOB_REPLYING || job->state == JOB_DEFERRING;
        if (is_under_way && job->sequence == sequence) {
            return job;
        }
    }
    return NULL;
}

static void on_settled(struct worker *worker, uint64_t sequence, bool is_taken)
{
    if (sent_settled(&worker->sent, sequence, is_taken, clock_monotonic_ms())) {
        return;
    }
    struct job *job = find_job(worker, sequence);
    if (job == NULL) {
        return;
    }
    if (job->state == JOB_DEFERRING) {
        worker_copy_settled(job, is_taken);
        return;
    }
    failpoint_reach(FAILPOINT_AFTER_REPLY, job->message.body, job->message.body_size);
    job->state = JOB_DONE;
    worker->unconfirmed_replies--;
    worker->suspects -= job->is_suspect ? 1 : 0;
}

static void on_confirmed(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    on_settled(owner, sequence, true);
}

/* A reply that is refused goes to a full queue of its own reader: that is the reader's to mend. */
static void on_refused(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    on_settled(owner, sequence, false);
}

static void on_returned(void *owner, struct bus *bus, uint64_t sequence)
{
    struct worker *worker = owner;
    (void)bus;
    sent_returned(&worker->sent, sequence);
    struct job *job = find_job(worker, sequence);
    if (job != NULL) {
        job->is_returned = true;
    }
}

const struct bus_events worker_consume_events = {
    .on_up = on_consume_up,
    .on_down = on_consume_down,
    .on_delivery = on_delivery,
};

const struct bus_events worker_publish_events = {
    .on_up = on_publish_up,
    .on_down = on_publish_down,
    .on_confirmed = on_confirmed,
    .on_refused = on_refused,
    .on_returned = on_returned,
};
