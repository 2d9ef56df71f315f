/* Calls on their way to the broker and back. */

#include "services/gateway/broker_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/bus/topology.h"
#include "common/core/memory.h"
#include "common/health/reporter.h"

enum {
    SILENCE_MS = 1000, /* of a broker that has been asked something */
    HELD_MS = 900,     /* what is left of the second is for the way back */
    REPORTS_SILENCE_MS = 3 * REPORT_INTERVAL_MS,
};

struct broker *broker_new(const struct gateway *gateway, const struct admission_limits *limits,
                          broker_outcome_function *on_outcome, void *owner)
{
    struct broker *broker = memory_new(1, sizeof(*broker));
    broker->gateway = gateway;
    broker->on_outcome = on_outcome;
    broker->owner = owner;
    broker->leftovers = leftovers_new();
    broker->reports = reports_new();
    broker->touches = touches_new();
    broker->waiting = waiting_new(limits->in_flight_max);
    broker->admission = admission_new(gateway, limits);
    broker->consumers = consumers_new(gateway);
    return broker;
}

void broker_free(struct broker *broker)
{
    if (broker == NULL) {
        return;
    }
    bus_free(broker->publisher);
    bus_free(broker->replies);
    consumers_free(broker->consumers);
    admission_free(broker->admission);
    leftovers_free(broker->leftovers);
    reports_free(broker->reports);
    touches_free(broker->touches);
    waiting_free(broker->waiting);
    free(broker);
}

void broker_attach(struct broker *broker, struct bus *publisher, struct bus *replies)
{
    broker->publisher = publisher;
    broker->replies = replies;
    bus_add_reply_queue(replies, 0);
    bus_bind_reply_queue(replies, EXCHANGE_REPORTS);
}

bool broker_is_ready(const struct broker *broker)
{
    return bus_is_up(broker->publisher) && bus_is_up(broker->replies) &&
           !bus_is_blocked(broker->publisher);
}

bool broker_is_silent(const struct broker *broker)
{
    int64_t asked_ms = consumers_unanswered_ms(broker->consumers);
    return asked_ms != 0 && broker->now_ms - asked_ms >= SILENCE_MS &&
           broker->now_ms - broker->heard_ms >= SILENCE_MS;
}

bool broker_awaits_confirm(const struct broker *broker, const struct call *call)
{
    bool is_short = call->wait_ms < broker->gateway->reply_timeout_ms;
    return call->contract->kind == MESSAGE_COMMAND && (call->is_async || is_short);
}

static void take_in(struct broker *broker, struct call *call)
{
    call->state = CALL_HELD;
    call->is_confirmed = false;
    broker->held_count++;
}

static void take_out(struct broker *broker, struct call *call, enum admission_end end)
{
    broker->held_count -= call->state == CALL_HELD ? 1 : 0;
    waiting_remove(broker->waiting, call);
    admission_leave(broker->admission, call, end, broker->now_ms);
    call->state = CALL_IDLE;
}

static enum admission_end end_of(const struct broker *broker, const struct call *call,
                                 enum call_outcome outcome)
{
    if (outcome == CALL_REPLIED) {
        return ADMISSION_ANSWERED;
    }
    bool has_waited = call->state == CALL_SENT && call->expires_ms <= broker->now_ms;
    return has_waited ? ADMISSION_UNANSWERED : ADMISSION_LEFT;
}

void broker_finish(struct broker *broker, struct call *call, enum call_outcome outcome,
                   const struct bus_message *reply)
{
    take_out(broker, call, end_of(broker, call, outcome));
    broker->on_outcome(broker->owner, call, outcome, reply);
}

void broker_refuse(struct broker *broker, struct call *call)
{
    bool may_have_reached = call->contract->kind == MESSAGE_COMMAND && call->is_fate_unknown;
    if (may_have_reached) {
        leftovers_add(broker->leftovers, call);
        leftovers_refuse(broker->leftovers, call->sequence, broker->now_ms);
    }
    broker_finish(broker, call, may_have_reached ? CALL_PENDING : CALL_UNAVAILABLE, NULL);
}

bool broker_publish(struct broker *broker, struct call *call)
{
    uint64_t sequence;
    char expiration[24];
    int64_t rest_ms = call->expires_ms - broker->now_ms;
    (void)snprintf(expiration, sizeof(expiration), "%" PRId64, rest_ms < 1 ? 1 : rest_ms);
    const struct bus_message message =
        call_message(call, bus_reply_queue(broker->replies), expiration);
    if (message.reply_to == NULL || !bus_publish(broker->publisher, &message, &sequence)) {
        return false;
    }
    waiting_note_published(broker->waiting, call, sequence);
    broker->held_count -= call->state == CALL_HELD ? 1 : 0;
    call->state = CALL_SENT;
    call->must_resend = false;
    return true;
}

/* Whoever is held back hears within a second, however long the wait. */
static void set_wait(const struct broker *broker, struct call *call, enum consumers_answer answer)
{
    int64_t longest_ms = broker->gateway->reply_timeout_ms;
    if (call->wait_ms <= 0 || call->wait_ms > longest_ms || call->is_async) {
        call->wait_ms = longest_ms;
    }
    int64_t wait_ms = call->wait_ms;
    if (answer == CONSUMERS_UNKNOWN && wait_ms > HELD_MS) {
        wait_ms = HELD_MS;
    }
    call->expires_ms = call->begun_ms + wait_ms;
}

enum err broker_call(struct broker *broker, struct call *call, int64_t now_ms)
{
    broker->now_ms = now_ms;
    if (!broker_is_ready(broker) || broker_is_silent(broker)) {
        return ERR_UNAVAILABLE;
    }
    enum consumers_answer answer =
        consumers_of(broker->consumers, broker->publisher, call->contract->queue, now_ms);
    if (answer == CONSUMERS_ABSENT || !admission_enter(broker->admission, call, now_ms)) {
        return ERR_UNAVAILABLE;
    }
    set_wait(broker, call, answer);
    if (!waiting_add(broker->waiting, call)) {
        admission_leave(broker->admission, call, ADMISSION_LEFT, now_ms);
        return ERR_UNAVAILABLE;
    }
    take_in(broker, call);
    if (answer == CONSUMERS_PRESENT && !broker_publish(broker, call)) {
        take_out(broker, call, ADMISSION_LEFT);
        return ERR_UNAVAILABLE;
    }
    return OK;
}

bool broker_publish_held(struct broker *broker, struct call *call)
{
    waiting_set_end(broker->waiting, call, call->begun_ms + call->wait_ms);
    return broker_publish(broker, call);
}

void broker_forget(struct broker *broker, struct call *call)
{
    if (call->state == CALL_IDLE) {
        return;
    }
    take_out(broker, call, ADMISSION_LEFT);
}

/* Its own reports come back to a gateway: where nobody asks anything, they tell. */
static bool lacks_reports(const struct broker *broker)
{
    return broker->reported_ms != 0 && broker->now_ms - broker->reported_ms >= REPORTS_SILENCE_MS &&
           broker->now_ms - broker->heard_ms >= REPORTS_SILENCE_MS;
}

bool broker_is_answering(const struct broker *broker)
{
    return broker_is_ready(broker) && !broker_is_silent(broker) && !lacks_reports(broker);
}

void broker_watch_queues(struct broker *broker)
{
    consumers_watch(broker->consumers, broker->now_ms);
}

bool broker_queue_counts(struct broker *broker, const char *queue, int64_t *ret_consumers,
                         int64_t *ret_messages)
{
    return consumers_counts(broker->consumers, queue, broker->now_ms, ret_consumers, ret_messages);
}

struct reports *broker_reports(struct broker *broker)
{
    return broker->reports;
}

struct bus *broker_publisher(struct broker *broker)
{
    return broker->publisher;
}

size_t broker_waiting_count(const struct broker *broker)
{
    return waiting_count(broker->waiting);
}

size_t broker_leftover_count(const struct broker *broker)
{
    return leftovers_count(broker->leftovers);
}
