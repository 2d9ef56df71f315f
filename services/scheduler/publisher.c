/* A batch of publications and what became of them. */

#include "publisher.h"

#include <assert.h>
#include <string.h>

#include "common/contract/contract.h"
#include "common/core/clock.h"
#include "common/service/publication.h"

static void on_up(void *owner, struct bus *bus)
{
    (void)bus;
    struct publisher *self = owner;
    link_up(&self->link);
}

/* What was not confirmed by now never will be: nothing is left to wait for. */
static void on_down(void *owner, struct bus *bus, const char *reason, bool is_by_peer)
{
    (void)bus;
    (void)is_by_peer;
    struct publisher *self = owner;
    self->open_count = 0;
    self->count = 0;
    link_down(&self->link, reason);
}

static void settle(struct publisher *self, uint64_t sequence, enum fate fate)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->sequences[i] == sequence && self->fates[i] == FATE_UNKNOWN) {
            self->fates[i] = fate;
            self->open_count--;
            return;
        }
    }
}

static void on_confirmed(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    settle(owner, sequence, FATE_TAKEN);
}

static void on_refused(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    settle(owner, sequence, FATE_REFUSED);
}

static void on_returned(void *owner, struct bus *bus, uint64_t sequence)
{
    (void)bus;
    settle(owner, sequence, FATE_RETURNED);
}

const struct bus_events publisher_events = {
    .on_up = on_up,
    .on_down = on_down,
    .on_confirmed = on_confirmed,
    .on_refused = on_refused,
    .on_returned = on_returned,
};

/* False: the bus takes nothing now. */
static bool send_one(struct publisher *self, const struct outbox_message *message,
                     uint64_t *sequence, enum fate *fate)
{
    *fate = FATE_UNKNOWN;
    const struct contract *contract = contract_find(message->name, strlen(message->name));
    if (contract == NULL) {
        *fate = FATE_NO_CONTRACT;
        return true;
    }
    const struct publication publication = {
        .contract = contract,
        .message_id = message->identity,
        .body = message->body,
        .body_size = strlen(message->body),
        .user_id = message->user_id,
        .client_address = message->client_address,
        .language = message->language,
        .traceparent = message->traceparent,
        .idempotency_key = message->idempotency_key,
        .deadline_ms = message->deadline_ms,
    };
    if (!publication_send(&publication, self->bus, sequence)) {
        return false;
    }
    self->open_count++;
    return true;
}

static void wait(struct publisher *self, int64_t wait_ms)
{
    int64_t end_ms = clock_monotonic_ms() + wait_ms;
    for (int64_t left_ms = wait_ms; self->open_count > 0 && left_ms > 0;
         left_ms = end_ms - clock_monotonic_ms()) {
        bus_poll(self->bus, (int)left_ms);
    }
}

void publisher_send(struct publisher *self, const struct outbox_message *messages, size_t count,
                    int64_t wait_ms, enum fate *ret_fates)
{
    assert(count <= OUTBOX_BATCH_MAX);
    uint64_t sequences[OUTBOX_BATCH_MAX] = {0};
    for (size_t i = 0; i < count; i++) {
        ret_fates[i] = FATE_UNKNOWN;
    }
    self->sequences = sequences;
    self->fates = ret_fates;
    self->count = count;
    self->open_count = 0;
    bool is_taking = true;
    for (size_t i = 0; i < count && is_taking; i++) {
        is_taking = send_one(self, &messages[i], &sequences[i], &ret_fates[i]);
    }

    wait(self, wait_ms);

    self->count = 0;
    self->sequences = NULL;
    self->fates = NULL;
}
