/* One turn of the loop: what has come is read, waits end, what waits to be written is. */

#include "services/gateway/broker_internal.h"

#include "common/core/log.h"

enum { REFRESH_INTERVAL_MS = 1000 };

/* Most turns are about one connection: reading the other would be a system call for nothing. */
static void process(struct bus *bus, const struct pollfd *fd)
{
    if (fd->fd < 0 || fd->revents != 0 || bus_timeout_ms(bus) == 0) {
        bus_process(bus);
    }
}

void broker_receive(struct broker *broker, const struct pollfd fds[BROKER_FDS], int64_t now_ms)
{
    broker->now_ms = now_ms;
    process(broker->publisher, &fds[0]);
    process(broker->replies, &fds[1]);
}

static void end_wait(struct broker *broker, struct call *call)
{
    bool is_written = call->state == CALL_SENT;
    bool is_command = call->contract->kind == MESSAGE_COMMAND;
    if (is_written && is_command && !call->is_confirmed) {
        leftovers_add(broker->leftovers, call);
    }
    broker_finish(broker, call, is_written && is_command ? CALL_PENDING : CALL_UNAVAILABLE, NULL);
}

/* Pending is said of what the broker has, or of what it left without a word for the whole time. */
static bool is_confirmation_due(const struct broker *broker, const struct call *call)
{
    return call->state == CALL_SENT && broker_awaits_confirm(broker, call) && !call->is_confirmed &&
           !call->is_async;
}

static void end_waits(struct broker *broker)
{
    struct call *call;
    while ((call = waiting_first_to_end(broker->waiting)) != NULL &&
           call->expires_ms <= broker->now_ms) {
        if (is_confirmation_due(broker, call)) {
            call->is_async = true;
            waiting_set_end(broker->waiting, call,
                            call->begun_ms + broker->gateway->reply_timeout_ms);
            continue;
        }
        end_wait(broker, call);
    }
}

static void note_silence(struct broker *broker)
{
    bool is_silent_now = bus_is_up(broker->publisher) && broker_is_silent(broker);
    if (is_silent_now != broker->is_silent) {
        broker->is_silent = is_silent_now;
        log_event(is_silent_now ? LOG_WARNING : LOG_INFO,
                  is_silent_now ? "broker_silent" : "broker_not_silent", "connection=publish");
    }
}

static void resend(struct broker *broker)
{
    if (!broker->must_resend || !broker_is_ready(broker)) {
        return;
    }
    broker->must_resend = false;
    struct call *call = waiting_oldest(broker->waiting);
    for (; call != NULL; call = call->next) {
        if (call->must_resend && !broker_publish(broker, call)) {
            broker->must_resend = true;
            return;
        }
    }
}

void broker_send(struct broker *broker, int64_t now_ms)
{
    broker->now_ms = now_ms;
    end_waits(broker);
    resend(broker);
    if (broker_is_ready(broker)) {
        leftovers_send(broker->leftovers, broker->publisher, bus_reply_queue(broker->replies),
                       now_ms);
    }
    if (bus_is_up(broker->publisher)) {
        consumers_refresh(broker->consumers, broker->publisher, now_ms);
    }
    note_silence(broker);
    if (bus_unsent(broker->publisher) > 0) {
        bus_process(broker->publisher);
    }
}

static struct pollfd poll_fd(struct bus *bus)
{
    return (struct pollfd){.fd = bus_fd(bus), .events = bus_wanted_events(bus)};
}

void broker_poll_fds(struct broker *broker, struct pollfd ret[BROKER_FDS])
{
    ret[0] = poll_fd(broker->publisher);
    ret[1] = poll_fd(broker->replies);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

int broker_timeout_ms(struct broker *broker, int64_t now_ms)
{
    int timeout_ms = least(bus_timeout_ms(broker->publisher), bus_timeout_ms(broker->replies));
    const struct call *first = waiting_first_to_end(broker->waiting);
    if (first != NULL) {
        int64_t rest_ms = first->expires_ms - now_ms;
        timeout_ms = least(timeout_ms, rest_ms < 0 ? 0 : (int)rest_ms);
    }
    return least(timeout_ms < 0 ? REFRESH_INTERVAL_MS : timeout_ms, REFRESH_INTERVAL_MS);
}

void broker_give_up(struct broker *broker)
{
    struct call *call;
    while ((call = waiting_oldest(broker->waiting)) != NULL) {
        end_wait(broker, call);
    }
}

void broker_close(struct broker *broker, int timeout_ms)
{
    bus_close(broker->publisher, timeout_ms);
    bus_close(broker->replies, timeout_ms);
}
