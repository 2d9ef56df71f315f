/* Dead letters, published again. */

#include "dead_publisher.h"

#include <stdio.h>

#include "common/core/clock.h"
#include "common/service/envelope.h"
#include "common/service/publication.h"

enum { POLL_MAX_MS = 1000, HEADERS_MAX = 5 };

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

static void add_text(struct bus_header *headers, size_t *count, const char *name, const char *text)
{
    if (text != NULL) {
        headers[(*count)++] = (struct bus_header){.name = name, .kind = BUS_TEXT, .text = text};
    }
}

static size_t list_headers(const struct dead_letter *letter, struct bus_header ret[HEADERS_MAX])
{
    size_t count = 0;
    if (letter->user_id != NOBODY) {
        ret[count++] = (struct bus_header){
            .name = HEADER_USER_ID, .kind = BUS_INTEGER, .integer = letter->user_id};
    }
    add_text(ret, &count, HEADER_LANGUAGE, letter->language);
    add_text(ret, &count, HEADER_CLIENT_ADDRESS, letter->client_address);
    add_text(ret, &count, HEADER_TRACEPARENT, letter->traceparent);
    add_text(ret, &count, HEADER_IDEMPOTENCY_KEY, letter->idempotency_key);
    return count;
}

enum dead_fate dead_publisher_send(struct dead_publisher *self, const struct contract *contract,
                                   const struct dead_letter *letter, const struct buffer *body,
                                   int64_t timeout_ms)
{
    struct bus_header headers[HEADERS_MAX];
    size_t header_count = list_headers(letter, headers);
    const struct bus_message message = publication_message(contract, letter->message_id, headers,
                                                           header_count, body->data, body->size);
    self->fate = DEAD_FATE_WAITING;
    if (!bus_publish(self->bus, &message, &self->sequence)) {
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
