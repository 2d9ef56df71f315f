/* One message over AMQP and its reply. */

#include "call.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bus/amqp_bus.h"
#include "common/core/clock.h"
#include "common/service/envelope.h"
#include "verb.h"

enum { GOODBYE_MS = 1000, POLL_MAX_MS = 1000 };

struct calling {
    const struct call *call;
    struct arena *arena;
    struct answer *answer;
    uint64_t sequence; /* of the latest publication; 0: none */
    bool was_up;
    bool is_over;
    int status;
    const char *trouble; /* the latest, for people */
};

static void finish(struct calling *self, int status)
{
    self->is_over = true;
    self->status = status;
}

static void publish(struct calling *self, struct bus *bus)
{
    const struct call *call = self->call;
    struct bus_header headers[2];
    size_t header_count = 0;
    if (call->user_id != NOBODY) {
        headers[header_count++] =
            (struct bus_header){HEADER_USER_ID, BUS_INTEGER, NULL, call->user_id};
    }
    if (call->language != NULL) {
        headers[header_count++] = (struct bus_header){HEADER_LANGUAGE, BUS_TEXT, call->language, 0};
    }
    bool is_query = call->contract->kind == MESSAGE_QUERY;
    char expiration[24];
    (void)snprintf(expiration, sizeof(expiration), "%lld", (long long)call->timeout_ms);
    const struct bus_message message = {
        .exchange = call->contract->exchange,
        .routing_key = call->contract->name,
        .type = call->contract->name,
        .content_type = CONTENT_TYPE_JSON,
        .message_id = call->message_id,
        .correlation_id = call->message_id,
        .reply_to = call->is_answer_wanted ? bus_reply_queue(bus) : NULL,
        .expiration = is_query ? expiration : NULL,
        .headers = headers,
        .header_count = header_count,
        .body = call->body,
        .body_size = call->body_size,
        .is_persistent = !is_query,
        .is_mandatory = true,
    };
    if (!bus_publish(bus, &message, &self->sequence)) {
        self->trouble = "the broker takes no messages now";
    }
}

/* After a loss too: the same message_id again is the same message, and only then is there a queue
 * for the reply. */
static void on_up(void *owner, struct bus *bus)
{
    struct calling *self = owner;
    self->was_up = true;
    publish(self, bus);
}

static void on_unblocked(void *owner, struct bus *bus)
{
    struct calling *self = owner;
    if (self->sequence == 0) {
        publish(self, bus);
    }
}

static void on_down(void *owner, struct bus *bus, const char *reason, bool is_by_peer)
{
    (void)bus;
    (void)is_by_peer;
    struct calling *self = owner;
    self->trouble = arena_strdup(self->arena, reason);
    if (!self->was_up) {
        finish(self, EXIT_UNREACHABLE);
    }
}

static void on_delivery(void *owner, struct bus *bus, const struct bus_delivery *delivery)
{
    (void)bus;
    struct calling *self = owner;
    const struct bus_message *reply = &delivery->message;
    if (reply->correlation_id == NULL ||
        strcmp(reply->correlation_id, self->call->message_id) != 0) {
        return;
    }
    *self->answer = (struct answer){
        .is_problem =
            reply->content_type != NULL && strcmp(reply->content_type, CONTENT_TYPE_PROBLEM) == 0,
        .body = arena_copy(self->arena, reply->body, reply->body_size),
        .body_size = reply->body_size,
    };
    finish(self, EXIT_DONE);
}

static void on_returned(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    (void)sequence;
    struct calling *self = owner;
    self->trouble = "there is no queue for it";
    finish(self, EXIT_UNREACHABLE);
}

static void on_refused(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    (void)sequence;
    struct calling *self = owner;
    self->trouble = "the broker refuses it: its queue is full";
    finish(self, EXIT_UNREACHABLE);
}

static void on_confirmed(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    struct calling *self = owner;
    if (!self->call->is_answer_wanted && sequence == self->sequence && !self->is_over) {
        finish(self, EXIT_DONE);
    }
}

static const struct bus_events events = {
    .on_up = on_up,
    .on_down = on_down,
    .on_delivery = on_delivery,
    .on_confirmed = on_confirmed,
    .on_refused = on_refused,
    .on_returned = on_returned,
    .on_unblocked = on_unblocked,
};

static void run(struct calling *self, struct bus *bus)
{
    int64_t end_ms = clock_monotonic_ms() + self->call->timeout_ms;
    while (!self->is_over) {
        int64_t left_ms = end_ms - clock_monotonic_ms();
        if (left_ms <= 0) {
            finish(self, self->sequence == 0 ? EXIT_UNREACHABLE : EXIT_NO_ANSWER);
            return;
        }
        bus_poll(bus, left_ms < POLL_MAX_MS ? (int)left_ms : POLL_MAX_MS);
    }
}

static int report(const struct calling *self)
{
    const struct call *call = self->call;
    const char *name = call->contract->name;
    if (self->status == EXIT_UNREACHABLE) {
        const char *trouble = self->trouble == NULL ? "no answer in time" : self->trouble;
        return self->was_up ? cli_fail(EXIT_UNREACHABLE, "%s is not sent: %s", name, trouble)
                            : cli_fail(EXIT_UNREACHABLE, "cannot reach the broker: %s", trouble);
    }
    if (self->status == EXIT_NO_ANSWER && call->contract->kind == MESSAGE_QUERY) {
        return cli_fail(EXIT_NO_ANSWER, "%s: no answer within %lld ms; is a query-service running?",
                        name, (long long)call->timeout_ms);
    }
    if (self->status == EXIT_NO_ANSWER && call->is_repeatable) {
        return cli_fail(EXIT_NO_ANSWER,
                        "%s: no answer within %lld ms; it may be done later: --id %s asks again",
                        name, (long long)call->timeout_ms, call->message_id);
    }
    if (self->status == EXIT_NO_ANSWER) {
        return cli_fail(EXIT_NO_ANSWER, "%s: no answer within %lld ms; it may be done later", name,
                        (long long)call->timeout_ms);
    }
    return EXIT_DONE;
}

int call_send(const struct settings *settings, const struct call *call, struct arena *arena,
              struct answer *ret)
{
    *ret = (struct answer){0};
    struct topology *topology = topology_new(contracts, contract_count);
    const struct amqp_bus_options options = {
        .url = settings->amqp_url,
        .connection_name = arena_printf(arena, "postroom %d", (int)getpid()),
        .topology = topology,
        .heartbeat_seconds = (unsigned)settings->heartbeat_seconds,
        .has_confirms = true,
    };
    struct calling self = {.call = call, .arena = arena, .answer = ret};
    struct bus *bus = amqp_bus_new(&options, &events, &self);
    if (call->is_answer_wanted) {
        bus_add_reply_queue(bus, 1);
    }

    run(&self, bus);

    bus_close(bus, GOODBYE_MS);
    bus_free(bus);
    topology_free(topology);
    return report(&self);
}
