/* Consumer counts by passive declares, one at a time: a queue that is not there costs the channel,
 * which is opened again. */

#include "common/bus/amqp_internal.h"

#include <string.h>

#include "common/core/memory.h"

static void ask_first(struct amqp_bus *bus)
{
    struct amqp_counts *counts = &bus->counts;
    if (counts->count == 0) {
        return;
    }
    if (counts->state == COUNTS_CLOSED) {
        amqp_channel_open_t open = {0};
        amqp_output_method(bus, CHANNEL_COUNTS, AMQP_CHANNEL_OPEN_METHOD, &open);
        counts->state = COUNTS_OPENING;
        return;
    }
    if (counts->state == COUNTS_READY) {
        amqp_queue_declare_t declare = {
            .queue = amqp_cstring_bytes(counts->queues[0]),
            .passive = 1,
        };
        amqp_output_method(bus, CHANNEL_COUNTS, AMQP_QUEUE_DECLARE_METHOD, &declare);
        counts->state = COUNTS_ASKING;
    }
}

void amqp_counts_ask(struct amqp_bus *bus, const char *queue)
{
    struct amqp_counts *counts = &bus->counts;
    if (bus->state != AMQP_UP) {
        return;
    }
    for (size_t i = 0; i < counts->count; i++) {
        if (strcmp(counts->queues[i], queue) == 0) {
            return;
        }
    }
    if (counts->count == counts->capacity) {
        counts->capacity = counts->capacity == 0 ? 16 : counts->capacity * 2;
        counts->queues = memory_grow(counts->queues, counts->capacity * sizeof(*counts->queues));
    }
    counts->queues[counts->count++] = queue;
    ask_first(bus);
}

/* The answer to the first question; then the next one. */
static void answer_first(struct amqp_bus *bus, int64_t consumers, int64_t messages)
{
    struct amqp_counts *counts = &bus->counts;
    if (counts->state == COUNTS_ASKING && counts->count > 0) {
        const char *queue = counts->queues[0];
        counts->count--;
        memmove(counts->queues, counts->queues + 1, counts->count * sizeof(*counts->queues));
        counts->state = consumers < 0 ? COUNTS_CLOSED : COUNTS_READY;
        if (bus->events.on_consumer_count != NULL) {
            bus->events.on_consumer_count(bus->owner, &bus->bus, queue, consumers, messages);
        }
    }
    ask_first(bus);
}

void amqp_counts_method(struct amqp_bus *bus, amqp_method_number_t method, const void *fields)
{
    struct amqp_counts *counts = &bus->counts;
    if (method == AMQP_CHANNEL_OPEN_OK_METHOD && counts->state == COUNTS_OPENING) {
        counts->state = COUNTS_READY;
        ask_first(bus);
        return;
    }
    if (method == AMQP_QUEUE_DECLARE_OK_METHOD && counts->state == COUNTS_ASKING) {
        const amqp_queue_declare_ok_t *answer = fields;
        answer_first(bus, answer->consumer_count, answer->message_count);
        return;
    }
    if (method == AMQP_CHANNEL_CLOSE_METHOD && counts->state == COUNTS_ASKING) {
        amqp_channel_close_ok_t close_ok = {0};
        amqp_output_method(bus, CHANNEL_COUNTS, AMQP_CHANNEL_CLOSE_OK_METHOD, &close_ok);
        answer_first(bus, -1, -1);
        return;
    }
    amqp_fail(bus, AMQP_BY_PEER, "a method (0x%08x) out of turn on the second channel", method);
}
