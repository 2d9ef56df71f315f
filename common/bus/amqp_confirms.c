/* Which publications the broker still owes an answer for. */

#include "common/bus/amqp_internal.h"

#include <stdlib.h>

#include "common/core/memory.h"

static struct amqp_publication *confirms_at(const struct amqp_confirms *confirms, size_t index)
{
    return &confirms->ring[(confirms->first + index) & (confirms->capacity - 1)];
}

static void confirms_grow(struct amqp_confirms *confirms)
{
    size_t capacity = confirms->capacity == 0 ? 256 : confirms->capacity * 2;
    struct amqp_publication *ring = memory_grow(NULL, capacity * sizeof(*ring));
    for (size_t i = 0; i < confirms->count; i++) {
        ring[i] = *confirms_at(confirms, i);
    }
    free(confirms->ring);
    confirms->ring = ring;
    confirms->capacity = capacity;
    confirms->first = 0;
}

void amqp_confirms_add(struct amqp_confirms *confirms, uint64_t key)
{
    if (confirms->count == confirms->capacity) {
        confirms_grow(confirms);
    }
    *confirms_at(confirms, confirms->count) = (struct amqp_publication){.key = key};
    confirms->count++;
}

void amqp_confirms_clear(struct amqp_confirms *confirms)
{
    free(confirms->ring);
    *confirms = (struct amqp_confirms){.first_tag = 1};
}

static void confirms_drop_first(struct amqp_confirms *confirms)
{
    confirms->first = (confirms->first + 1) & (confirms->capacity - 1);
    confirms->first_tag++;
    confirms->count--;
}

static void tell_owner(struct amqp_bus *bus, uint64_t tag, bool is_taken)
{
    void (*tell)(void *, struct bus *, uint64_t) =
        is_taken ? bus->events.on_confirmed : bus->events.on_refused;
    if (tell != NULL) {
        tell(bus->owner, &bus->bus, bus->sequence_base + tag);
    }
}

/* All up to `last`, telling the owner of each that was not settled alone before. */
static void settle_through(struct amqp_bus *bus, uint64_t last, bool is_taken)
{
    struct amqp_confirms *confirms = &bus->confirms;
    while (confirms->count > 0 && confirms->first_tag <= last) {
        uint64_t tag = confirms->first_tag;
        bool is_settled = confirms_at(confirms, 0)->is_settled;
        confirms_drop_first(confirms);
        if (!is_settled) {
            tell_owner(bus, tag, is_taken); /* may publish, so the ring is in order by now */
        }
    }
}

void amqp_confirms_settle(struct amqp_bus *bus, uint64_t tag, bool is_multiple, bool is_taken)
{
    struct amqp_confirms *confirms = &bus->confirms;
    if (is_multiple) {
        /* tag 0 with multiple means all so far (AMQP 0-9-1, basic.ack) */
        uint64_t last_tag = confirms->first_tag + confirms->count - 1;
        settle_through(bus, tag == 0 || tag > last_tag ? last_tag : tag, is_taken);
        return;
    }
    if (tag < confirms->first_tag || tag - confirms->first_tag >= confirms->count) {
        return;
    }
    struct amqp_publication *publication = confirms_at(confirms, tag - confirms->first_tag);
    if (publication->is_settled) {
        return;
    }
    publication->is_settled = true;
    while (confirms->count > 0 && confirms_at(confirms, 0)->is_settled) {
        confirms_drop_first(confirms);
    }
    tell_owner(bus, tag, is_taken);
}

/*
 * basic.return carries no tag. RabbitMQ sends it before the confirm of the same publication, and
 * returns in the order of publication; confirms of others may come in between. So the returned one
 * is the oldest unconfirmed mandatory publication with the same exchange, routing key and message
 * id that was not returned yet: exact for messages with ids of their own, and for others unless a
 * queue appears or goes away between two of them.
 */
void amqp_confirms_return(struct amqp_bus *bus, uint64_t key)
{
    struct amqp_confirms *confirms = &bus->confirms;
    for (size_t i = 0; i < confirms->count; i++) {
        struct amqp_publication *publication = confirms_at(confirms, i);
        if (publication->key != key || publication->is_settled || publication->is_returned) {
            continue;
        }
        publication->is_returned = true;
        if (bus->events.on_returned != NULL) {
            bus->events.on_returned(bus->owner, &bus->bus,
                                    bus->sequence_base + confirms->first_tag + i);
        }
        return;
    }
}

/* FNV-1a, 64 bits */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    const unsigned char *c = (const unsigned char *)(text == NULL ? "" : text);
    for (; *c != '\0'; c++) {
        hash = (hash ^ *c) * UINT64_C(0x100000001b3);
    }
    return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

uint64_t amqp_confirms_key(const char *exchange, const char *routing_key, const char *message_id)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    hash = hash_text(hash, exchange);
    hash = hash_text(hash, routing_key);
    hash = hash_text(hash, message_id);
    return hash == 0 ? 1 : hash;
}
