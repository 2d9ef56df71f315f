/* Dead letters, published again. */

#include "dead_publisher.h"

#include <stdio.h>

#include "common/core/clock.h"
#include "common/service/publication.h"

enum { POLL_MAX_MS = 1000 };

static void note(struct dead_publisher *self, const char *trouble)
{
    (void)snprintf(self->trouble, sizeof(self->trouble), "%s", trouble);
}

static void settle(struct dead_publisher *self, uint64_t sequence, enum dead_fate fate)
{
    if (sequence == self->sequence && self->fate == DEAD_FATE_WAITING) {
        self->fate = fate;
    }
}

static void on_down(void *owner, struct bus *bus, const char *reason, bool is_by_peer)
{
    (void)bus;
    (void)is_by_peer;
    struct dead_publisher *self = owner;
    note(self, reason);
    self->has_failed = true;
    settle(self, self->sequence, DEAD_FATE_UNKNOWN);
}

static void on_confirmed(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    settle(owner, sequence, DEAD_FATE_TAKEN);
}

static void on_refused(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    struct dead_publisher *self = owner;
    note(self, "the broker refuses it: its queue is full");
    settle(self, sequence, DEAD_FATE_REFUSED);
}

static void on_returned(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    struct dead_publisher *self = owner;
    note(self, "there is no queue for it");
    settle(self, sequence, DEAD_FATE_RETURNED);
}

const struct bus_events dead_publisher_events = {
    .on_down = on_down,
    .on_confirmed = on_confirmed,
    .on_refused = on_refused,
    .on_returned = on_returned,
};

/* One turn of the loop; false: the time is up. */
static bool turn(struct dead_publisher *self, int64_t end_ms)
{
    int64_t left_ms = end_ms - clock_monotonic_ms();
    if (left_ms <= 0) {
        return false;
    }
    bus_poll(self->bus, left_ms < POLL_MAX_MS ? (int)left_ms : POLL_MAX_MS);
    return true;
}

bool dead_publisher_await(struct dead_publisher *self, int64_t timeout_ms)
{
    int64_t end_ms = clock_monotonic_ms() + timeout_ms;
    self->has_failed = false;
    while (!bus_is_up(self->bus) || bus_is_blocked(self->bus)) {
        if (self->has_failed) {
            return false;
        }
        note(self, bus_is_up(self->bus) ? "the broker takes no messages now" : "no answer in time");
        if (!turn(self, end_ms)) {
            return false;
        }
    }
    return true;
}

enum dead_fate dead_publisher_send(struct dead_publisher *self, const struct contract *contract,
                                   const struct dead_letter *letter, const struct buffer *body,
                                   int64_t timeout_ms)
{
    const struct publication publication = {
        .contract = contract,
        .message_id = letter->message_id,
        .body = body->data,
        .body_size = body->size,
        .user_id = letter->user_id,
        .client_address = letter->client_address,
        .language = letter->language,
        .traceparent = letter->traceparent,
        .idempotency_key = letter->idempotency_key,
    };
    self->fate = DEAD_FATE_WAITING;
    if (!publication_send(&publication, self->bus, &self->sequence)) {
        note(self, "the broker takes no messages now");
        return DEAD_FATE_REFUSED;
    }
    int64_t end_ms = clock_monotonic_ms() + timeout_ms;
    while (self->fate == DEAD_FATE_WAITING) {
        if (!turn(self, end_ms)) {
            note(self, "no confirmation in time");
            return DEAD_FATE_UNKNOWN;
        }
    }
    return self->fate;
}
