/* What the buses report to the broker. */

#include "services/gateway/broker_internal.h"

#include <string.h>

#include "common/bus/topology.h"
#include "common/core/log.h"

/* The waits of calls not written yet end; those written are to be sent again when the connections
 * are back. */
static void handle_loss(struct broker *broker)
{
    leftovers_note_loss(broker->leftovers);
    broker->reported_ms = 0;
    struct call *call = waiting_oldest(broker->waiting);
    while (call != NULL) {
        struct call *next = call->next;
        if (call->state == CALL_HELD) {
            broker_finish(broker, call, CALL_UNAVAILABLE, NULL);
        } else {
            call->must_resend = true;
            call->is_fate_unknown = true;
            broker->must_resend = true;
        }
        call = next;
    }
}

static void on_publisher_up(void *owner, struct bus *bus)
{
    struct broker *broker = owner;
    log_event(LOG_INFO, "broker_connected", "connection=publish");
    broker_note_heard(broker);
    consumers_restart(broker->consumers, bus, broker->now_ms);
}

static void on_publisher_down(void *owner, struct bus *bus, const char *reason, bool is_by_peer)
{
    (void)bus;
    log_event(LOG_WARNING, "broker_disconnected", "connection=publish by_peer=%d reason=\"%s\"",
              is_by_peer, reason);
    handle_loss(owner);
}

static void on_replies_up(void *owner, struct bus *bus)
{
    (void)owner;
    (void)bus;
    log_event(LOG_INFO, "broker_connected", "connection=replies");
}

static void on_replies_down(void *owner, struct bus *bus, const char *reason, bool is_by_peer)
{
    (void)bus;
    log_event(LOG_WARNING, "broker_disconnected", "connection=replies by_peer=%d reason=\"%s\"",
              is_by_peer, reason);
    handle_loss(owner);
}

/* What processes tell of themselves comes by the same queue. */
static bool is_report(const struct bus_message *message)
{
    return message->exchange != NULL && strcmp(message->exchange, EXCHANGE_REPORTS) == 0;
}

static void on_reply(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    (void)bus;
    struct broker *broker = owner;
    broker_note_heard(broker);
    if (is_report(&delivery->message)) {
        broker->reported_ms = broker->now_ms;
        reports_take(broker->reports, &delivery->message, broker->now_ms);
        return;
    }
    struct call *call = waiting_find(broker->waiting, delivery->message.correlation_id);
    if (call == NULL || call->state != CALL_SENT) {
        log_event(LOG_DEBUG, "reply_ignored", "reason=\"nobody waits for it\"");
        return;
    }
    broker_note_use(broker, call, &delivery->message);
    broker_finish(broker, call, CALL_REPLIED, &delivery->message);
}

static void on_confirmed(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    struct broker *broker = owner;
    broker_note_heard(broker);
    struct call *call = waiting_find_published(broker->waiting, sequence);
    if (call == NULL) {
        leftovers_confirm(broker->leftovers, sequence);
        return;
    }
    call->is_confirmed = true;
    if (call->is_async && broker_awaits_confirm(broker, call)) {
        broker_finish(broker, call, CALL_PENDING, NULL);
    }
}

static void on_turned_away(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    struct broker *broker = owner;
    broker_note_heard(broker);
    struct call *call = waiting_find_published(broker->waiting, sequence);
    if (call != NULL) {
        log_event(LOG_WARNING, "publication_refused", "message=%s message_id=%s",
                  call->contract->name, call->message_id);
        broker_refuse(broker, call);
        return;
    }
    leftovers_refuse(broker->leftovers, sequence, broker->now_ms);
}

static void on_blocked(void *owner, struct bus *bus, const char *reason)
{
    (void)bus;
    broker_note_heard(owner);
    log_event(LOG_WARNING, "broker_blocked", "reason=\"%s\"", reason);
}

static void on_unblocked(void *owner, struct bus *bus)
{
    (void)bus;
    broker_note_heard(owner);
    log_event(LOG_INFO, "broker_unblocked", "connection=publish");
}

static void on_consumer_count(void *owner, struct bus *bus, const char *queue, int64_t count,
                              int64_t messages)
{
    (void)bus;
    struct broker *broker = owner;
    broker_note_heard(broker);
    consumers_note(broker->consumers, queue, count, messages, broker->now_ms);
    struct call *call = waiting_oldest(broker->waiting);
    while (call != NULL && broker->held_count > 0) {
        struct call *next = call->next;
        bool is_held = call->state == CALL_HELD && strcmp(call->contract->queue, queue) == 0;
        if (is_held && (count <= 0 || !broker_publish_held(broker, call))) {
            broker_finish(broker, call, CALL_UNAVAILABLE, NULL);
        }
        call = next;
    }
}

static void on_cancelled(void *owner, struct bus *bus, const char *queue)
{
    (void)owner;
    (void)bus;
    log_event(LOG_WARNING, "consumer_cancelled", "queue=%s", queue);
}

const struct bus_events *broker_publisher_events(void)
{
    static const struct bus_events events = {
        .on_up = on_publisher_up,
        .on_down = on_publisher_down,
        .on_confirmed = on_confirmed,
        .on_refused = on_turned_away,
        .on_returned = on_turned_away,
        .on_blocked = on_blocked,
        .on_unblocked = on_unblocked,
        .on_consumer_count = on_consumer_count,
    };
    return &events;
}

const struct bus_events *broker_replies_events(void)
{
    static const struct bus_events events = {
        .on_up = on_replies_up,
        .on_down = on_replies_down,
        .on_delivery = on_reply,
        .on_cancelled = on_cancelled,
    };
    return &events;
}
